package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Operators of newer opsets in files of older ones, where exporters write them as several nodes.
 * One node takes the place of the last of them; the others go.
 *
 * <ol>
 *   <li>GELU: x·(erf(x / √2) + 1)·½, and its approximation by tanh, become Gelu.
 *   <li>Layer norm: (x − mean(x)) / √(mean((x − mean(x))²) + ε)·γ + β, the means over axis −1, 2 or
 *       3, becomes LayerNormalization. Sums and products may have their terms either way round, the
 *       square may be a power or a product.
 *   <li>Hard swish: x·clip(x + 3, 0, 6) / 6 becomes HardSwish, and without the factor x
 *       HardSigmoid.
 *   <li>Not applied when another node reads a value in between, or the graph gives it out.
 * </ol>
 *
 * Cases 1 and 3 are what {@link OnnxCurves} finds, whichever way they are written.
 */
final class OnnxPatterns {
  /** Of constants in these formulas, which are written with as few digits as 1.4142. */
  private static final double TOLERANCE = 1e-4;

  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, Integer> readers;
  private final Function<String, Optional<Float>> scalar;
  private final OnnxCurves curves;
  private final Set<String> absorbed = new HashSet<>();

  private OnnxPatterns(
      List<NodeProto> nodes,
      Map<String, Integer> readers,
      Function<String, Optional<Float>> scalar) {
    this.readers = readers;
    this.scalar = scalar;
    this.curves = new OnnxCurves(nodes, readers, scalar);
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
    Optional<NodeProto> curve = curves.match(last, absorbed);
    return curve.isPresent() || !last.getOpType().equals("Add") ? curve : norm(last);
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
                        || attribute.getIntsList().equals(List.of(2L))
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
          case "Sqrt", "ReduceMean" -> 1;
          default -> 2;
        };
    return Optional.ofNullable(producers.get(value))
        .filter(node -> node.getOpType().equals(operator) && node.getInputCount() >= inputs);
  }

  private boolean is(String name, double number) {
    return scalar.apply(name).filter(value -> Math.abs(value - number) < TOLERANCE).isPresent();
  }

  static NodeProto.Builder replacement(NodeProto last, String operator, List<String> inputs) {
    return NodeProto.newBuilder()
        .setName(last.getName())
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(last.getOutput(0));
  }
}
