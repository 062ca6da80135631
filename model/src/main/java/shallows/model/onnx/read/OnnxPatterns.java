package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import shallows.model.onnx.constant.OnnxAttributes;

/**
 * Operators of newer opsets in files of older ones, where exporters write them as several nodes.
 * One node takes the place of the last of them; the others go.
 *
 * <ol>
 *   <li>GELU: x·(erf(x / √2) + 1)·½ becomes Gelu. The product may be taken in any order, the
 *       divisions by √2 and by 2 may be products.
 *   <li>Layer norm: (x − mean(x)) / √(mean((x − mean(x))²) + ε)·γ + β, the means over axis −1 or 3,
 *       becomes LayerNormalization. Sums and products may have their terms either way round, the
 *       square may be a power or a product.
 *   <li>Hard swish: x·clip(x + 3, 0, 6) / 6 becomes HardSwish. The product may be taken in any
 *       order, the division may be of any part of it, or be a product.
 *   <li>Not applied when another node reads a value in between, or the graph gives it out.
 * </ol>
 */
final class OnnxPatterns {
  /** Of constants in these formulas, which are written with as few digits as 1.4142. */
  private static final double TOLERANCE = 1e-4;

  /** Products within a product: these formulas have three factors at most. */
  private static final int MOST_INNER = 2;

  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, Integer> readers;
  private final Function<String, Optional<Float>> scalar;
  private final Set<String> absorbed = new HashSet<>();

  private OnnxPatterns(
      List<NodeProto> nodes,
      Map<String, Integer> readers,
      Function<String, Optional<Float>> scalar) {
    this.readers = readers;
    this.scalar = scalar;
    for (NodeProto node : nodes) {
      node.getOutputList().forEach(output -> producers.put(output, node));
    }
  }

  /**
   * @param readers how many nodes read each name
   * @param scalar the number of a constant that has one element
   * @return the nodes in their order
   */
  static List<NodeProto> replaced(
      List<NodeProto> nodes,
      Map<String, Integer> readers,
      Function<String, Optional<Float>> scalar) {
    OnnxPatterns patterns = new OnnxPatterns(nodes, readers, scalar);
    Map<String, NodeProto> replacements = new LinkedHashMap<>();
    // Backwards, so that the last node of a formula is met first.
    for (int i = nodes.size() - 1; i >= 0; i--) {
      NodeProto node = nodes.get(i);
      if (node.getOutputCount() == 1 && !patterns.absorbed.contains(node.getOutput(0))) {
        patterns.match(node).ifPresent(other -> replacements.put(node.getOutput(0), other));
      }
    }
    List<NodeProto> result = new ArrayList<>();
    for (NodeProto node : nodes) {
      if (node.getOutputCount() == 1 && patterns.absorbed.contains(node.getOutput(0))) {
        continue;
      }
      result.add(
          node.getOutputCount() == 1 ? replacements.getOrDefault(node.getOutput(0), node) : node);
    }
    return result;
  }

  private Optional<NodeProto> match(NodeProto last) {
    return switch (last.getOpType()) {
      case "Mul", "Div" ->
          product(last).flatMap(parts -> gelu(last, parts).or(() -> hardSwish(last, parts)));
      case "Add" -> norm(last);
      default -> Optional.empty();
    };
  }

  /**
   * A product taken apart.
   *
   * @param factors that are no constants
   * @param constant the product of those that are
   * @param inner the values of the products and quotients in it, which nothing else reads
   */
  private record Product(List<String> factors, double constant, List<String> inner) {
    boolean isOfTwoAnd(double number) {
      return factors.size() == 2 && Math.abs(constant - number) < TOLERANCE;
    }
  }

  /** Empty for what is neither a product nor divided by a constant. */
  private Optional<Product> product(NodeProto last) {
    List<String> factors = new ArrayList<>();
    List<String> inner = new ArrayList<>();
    double constant = 1;
    Deque<NodeProto> open = new ArrayDeque<>(List.of(last));
    while (!open.isEmpty()) {
      NodeProto node = open.pop();
      boolean quotient = node.getOpType().equals("Div");
      if (node.getInputCount() != 2 || quotient && scalar.apply(node.getInput(1)).isEmpty()) {
        return Optional.empty();
      }
      for (int i = 0; i < 2; i++) {
        String input = node.getInput(i);
        Optional<Float> number = scalar.apply(input);
        Optional<NodeProto> before = own(input, "Mul").or(() -> own(input, "Div"));
        if (number.isPresent()) {
          constant = quotient && i == 1 ? constant / number.get() : constant * number.get();
        } else if (before.isPresent() && inner.size() < MOST_INNER) {
          inner.add(input);
          open.push(before.get());
        } else {
          factors.add(input);
        }
      }
    }
    return Optional.of(new Product(factors, constant, inner));
  }

  private Optional<NodeProto> gelu(NodeProto last, Product product) {
    if (!product.isOfTwoAnd(0.5)) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      String factor = product.factors().get(i);
      Optional<NodeProto> sum = own(factor, "Add");
      Optional<String> erf = sum.flatMap(node -> besides(node, 1));
      Optional<NodeProto> curve = erf.flatMap(name -> own(name, "Erf"));
      if (curve.isEmpty()) {
        continue;
      }
      String scaled = curve.get().getInput(0);
      Optional<String> x =
          own(scaled, "Div")
              .filter(node -> is(node.getInput(1), Math.sqrt(2)))
              .map(node -> node.getInput(0))
              .or(() -> own(scaled, "Mul").flatMap(node -> besides(node, Math.sqrt(0.5))));
      if (x.isPresent() && x.get().equals(product.factors().get(1 - i))) {
        absorbed.addAll(product.inner());
        absorbed.addAll(List.of(factor, erf.get(), scaled));
        return Optional.of(replacement(last, "Gelu", List.of(x.get())).build());
      }
    }
    return Optional.empty();
  }

  private Optional<NodeProto> hardSwish(NodeProto last, Product product) {
    if (!product.isOfTwoAnd(1.0 / 6)) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      String factor = product.factors().get(i);
      Optional<NodeProto> clip = own(factor, "Clip").filter(this::isRelu6);
      Optional<NodeProto> sum = clip.flatMap(node -> own(node.getInput(0), "Add"));
      Optional<String> x = sum.flatMap(node -> besides(node, 3));
      if (x.isPresent() && x.get().equals(product.factors().get(1 - i))) {
        absorbed.addAll(product.inner());
        absorbed.addAll(List.of(factor, clip.get().getInput(0)));
        return Optional.of(replacement(last, "HardSwish", List.of(x.get())).build());
      }
    }
    return Optional.empty();
  }

  private boolean isRelu6(NodeProto clip) {
    if (clip.getInputCount() == 3) {
      return is(clip.getInput(1), 0) && is(clip.getInput(2), 6);
    }
    OnnxAttributes attributes = new OnnxAttributes(clip);
    return attributes.number("min", -1) == 0 && attributes.number("max", -1) == 6;
  }

  private Optional<NodeProto> norm(NodeProto last) {
    if (last.getInputCount() != 2) {
      return Optional.empty();
    }
    for (int side = 0; side < last.getInputCount(); side++) {
      String bias = last.getInput(1 - side);
      Optional<NodeProto> product = own(last.getInput(side), "Mul");
      if (product.isEmpty()) {
        continue;
      }
      for (int factor = 0; factor < 2; factor++) {
        String scale = product.get().getInput(1 - factor);
        Optional<NodeProto> quotient = own(product.get().getInput(factor), "Div");
        if (quotient.isPresent()) {
          Optional<NodeProto> whole = normOf(last, quotient.get(), scale, bias);
          if (whole.isPresent()) {
            absorbed.add(last.getInput(side));
            absorbed.add(product.get().getInput(factor));
            return whole;
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<NodeProto> normOf(
      NodeProto last, NodeProto quotient, String scale, String bias) {
    String centered = quotient.getInput(0);
    Optional<NodeProto> difference = producer(centered, "Sub");
    Optional<NodeProto> root = own(quotient.getInput(1), "Sqrt");
    Optional<NodeProto> sum = root.flatMap(node -> own(node.getInput(0), "Add"));
    if (difference.isEmpty() || sum.isEmpty()) {
      return Optional.empty();
    }
    String x = difference.get().getInput(0);
    Optional<NodeProto> mean = own(difference.get().getInput(1), "ReduceMean");
    for (int i = 0; i < 2; i++) {
      Optional<Float> epsilon = scalar.apply(sum.get().getInput(1 - i));
      Optional<NodeProto> variance = own(sum.get().getInput(i), "ReduceMean");
      Optional<NodeProto> square = variance.flatMap(node -> square(node.getInput(0), centered));
      // The centered values have two readers, or three where the square is a product.
      boolean matches =
          epsilon.isPresent()
              && square.isPresent()
              && mean.isPresent()
              && mean.get().getInput(0).equals(x)
              && isOverLastAxis(mean.get())
              && isOverLastAxis(variance.get());
      if (matches) {
        absorbed.addAll(
            List.of(
                centered,
                quotient.getInput(1),
                root.get().getInput(0),
                difference.get().getInput(1),
                sum.get().getInput(i),
                variance.get().getInput(0)));
        return Optional.of(
            replacement(last, "LayerNormalization", List.of(x, scale, bias))
                .addAttribute(
                    AttributeProto.newBuilder()
                        .setName("epsilon")
                        .setType(AttributeType.FLOAT)
                        .setF(epsilon.get()))
                .build());
      }
    }
    return Optional.empty();
  }

  private Optional<NodeProto> square(String name, String of) {
    int uses = readers.getOrDefault(of, 0);
    return own(name, "Pow")
        .filter(node -> node.getInput(0).equals(of) && is(node.getInput(1), 2) && uses == 2)
        .or(
            () ->
                own(name, "Mul")
                    .filter(node -> node.getInputList().equals(List.of(of, of)) && uses == 3));
  }

  private static boolean isOverLastAxis(NodeProto mean) {
    return mean.getAttributeList().stream()
        .anyMatch(
            attribute ->
                attribute.getName().equals("axes")
                    && (attribute.getIntsList().equals(List.of(-1L))
                        || attribute.getIntsList().equals(List.of(3L))));
  }

  /** The node of a value that one node reads, once. */
  private Optional<NodeProto> own(String value, String operator) {
    return producer(value, operator).filter(node -> readers.getOrDefault(value, 0) == 1);
  }

  /** The node of a value, if it is this operator with as many inputs as it takes at least. */
  private Optional<NodeProto> producer(String value, String operator) {
    int inputs =
        switch (operator) {
          case "Erf", "Sqrt", "ReduceMean", "Clip" -> 1;
          default -> 2;
        };
    return Optional.ofNullable(producers.get(value))
        .filter(node -> node.getOpType().equals(operator) && node.getInputCount() >= inputs);
  }

  /** The input of a node of two that stands beside this number. */
  private Optional<String> besides(NodeProto node, double number) {
    if (node.getInputCount() != 2) {
      return Optional.empty();
    }
    if (is(node.getInput(1), number)) {
      return Optional.of(node.getInput(0));
    }
    return is(node.getInput(0), number) ? Optional.of(node.getInput(1)) : Optional.empty();
  }

  private boolean is(String name, double number) {
    return scalar.apply(name).filter(value -> Math.abs(value - number) < TOLERANCE).isPresent();
  }

  private static NodeProto.Builder replacement(
      NodeProto last, String operator, List<String> inputs) {
    return NodeProto.newBuilder()
        .setName(last.getName())
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(last.getOutput(0));
  }
}
