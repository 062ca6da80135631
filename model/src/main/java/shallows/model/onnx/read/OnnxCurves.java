package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.apache.commons.numbers.gamma.Erf;

/**
 * Curves that exporters write as several nodes, known by what they compute: each value that depends
 * on one other value and on numbers alone is computed at some points, and where that is what a
 * curve gives there, the curve it is, in whichever order and with whichever operators it was
 * written.
 */
final class OnnxCurves {
  /** Of a result, or of 1: numbers are written with as few digits as 1.4142. */
  private static final double TOLERANCE = 1e-4;

  private static final double EXACT = 1e-12;

  /** Enough, and those at which the two forms of GELU are farthest apart are among them. */
  private static final double[] POINTS = new double[49];

  /** How many values one value is known to be a function of, the nearest first. */
  private static final int MOST_SOURCES = 8;

  static {
    for (int i = 0; i < POINTS.length; i++) {
      POINTS[i] = -7.01 + 0.29 * i;
    }
  }

  private static final Map<String, DoubleUnaryOperator> UNARY =
      Map.of(
          "Erf", Erf::value,
          "Tanh", Math::tanh,
          "Sigmoid", x -> 1 / (1 + Math.exp(-x)),
          "Relu", x -> Math.max(0, x),
          "Exp", Math::exp,
          "Neg", x -> -x,
          "Abs", Math::abs,
          "Sign", Math::signum,
          "Sqrt", Math::sqrt);

  private static final Map<String, DoubleBinaryOperator> BINARY =
      Map.of(
          "Add", Double::sum,
          "Sub", (a, b) -> a - b,
          "Mul", (a, b) -> a * b,
          "Div", (a, b) -> a / b,
          "Pow", Math::pow,
          "Min", Math::min,
          "Max", Math::max);

  /** A curve, and the operator that has it. */
  private record Curve(DoubleUnaryOperator formula, String operator, List<AttributeProto> more) {
    /** Where nothing is left to compute, nothing may have been changed either. */
    double tolerance() {
      return operator.equals("Identity") ? EXACT : TOLERANCE;
    }
  }

  private static final List<Curve> CURVES =
      List.of(
          new Curve(x -> x, "Identity", List.of()),
          new Curve(x -> x * (1 + Erf.value(x / Math.sqrt(2))) / 2, "Gelu", List.of()),
          new Curve(
              x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
              "Gelu",
              List.of(
                  AttributeProto.newBuilder()
                      .setName("approximate")
                      .setType(AttributeType.STRING)
                      .setS(ByteString.copyFromUtf8("tanh"))
                      .build())),
          new Curve(x -> x * sixth(x), "HardSwish", List.of()),
          new Curve(
              OnnxCurves::sixth,
              "HardSigmoid",
              List.of(number("alpha", 1f / 6), number("beta", 0.5f))));

  private final Function<String, Optional<Float>> scalar;
  private final Map<String, Integer> readers;
  private final Map<String, NodeProto> producers = new HashMap<>();

  /** The results at the points, by the value that they are a function of. */
  private final Map<String, Map<String, double[]>> results = new HashMap<>();

  OnnxCurves(
      List<NodeProto> nodes,
      Map<String, Integer> readers,
      Function<String, Optional<Float>> scalar) {
    this.readers = readers;
    this.scalar = scalar;
    for (NodeProto node : nodes) {
      if (node.getOutputCount() == 1) {
        producers.put(node.getOutput(0), node);
        results.put(node.getOutput(0), of(node));
      }
    }
  }

  private static double sixth(double x) {
    return Math.max(0, Math.min(6, x + 3)) / 6;
  }

  private static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  /** What a node computes at the points, by each value that it is a function of. */
  private Map<String, double[]> of(NodeProto node) {
    Map<String, double[]> known = new LinkedHashMap<>();
    known.put(node.getOutput(0), POINTS);
    String operator = node.getOpType();
    if (BINARY.containsKey(operator) && node.getInputCount() == 2) {
      binary(node, BINARY.get(operator), known);
    } else if (node.getInputCount() > 0) {
      unary(node)
          .ifPresent(
              formula ->
                  sources(node.getInput(0))
                      .forEach((source, at) -> put(known, source, map(at, formula))));
    }
    return known;
  }

  private void binary(NodeProto node, DoubleBinaryOperator formula, Map<String, double[]> known) {
    Optional<Float> first = scalar.apply(node.getInput(0));
    Optional<Float> second = scalar.apply(node.getInput(1));
    if (first.isPresent() && second.isEmpty()) {
      sources(node.getInput(1))
          .forEach(
              (source, at) ->
                  put(known, source, map(at, b -> formula.applyAsDouble(first.get(), b))));
    } else if (second.isPresent() && first.isEmpty()) {
      sources(node.getInput(0))
          .forEach(
              (source, at) ->
                  put(known, source, map(at, a -> formula.applyAsDouble(a, second.get()))));
    } else if (first.isEmpty()) {
      Map<String, double[]> others = sources(node.getInput(1));
      sources(node.getInput(0))
          .forEach(
              (source, at) -> {
                double[] other = others.get(source);
                if (other != null) {
                  double[] result = new double[at.length];
                  for (int i = 0; i < result.length; i++) {
                    result[i] = formula.applyAsDouble(at[i], other[i]);
                  }
                  put(known, source, result);
                }
              });
    }
  }

  private Map<String, double[]> sources(String value) {
    return results.getOrDefault(value, Map.of(value, POINTS));
  }

  private static void put(Map<String, double[]> known, String source, double[] result) {
    if (known.size() < MOST_SOURCES) {
      known.putIfAbsent(source, result);
    }
  }

  private static double[] map(double[] at, DoubleUnaryOperator formula) {
    double[] result = new double[at.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = formula.applyAsDouble(at[i]);
    }
    return result;
  }

  private Optional<DoubleUnaryOperator> unary(NodeProto node) {
    return switch (node.getOpType()) {
      case "HardSigmoid" -> {
        double alpha = attribute(node, "alpha", 0.2f);
        double beta = attribute(node, "beta", 0.5f);
        yield Optional.of(x -> Math.max(0, Math.min(1, alpha * x + beta)));
      }
      case "Clip" -> {
        double low = bound(node, 1, "min", Float.NEGATIVE_INFINITY);
        double high = bound(node, 2, "max", Float.POSITIVE_INFINITY);
        yield Optional.of(x -> Math.max(low, Math.min(high, x)));
      }
      default ->
          node.getInputCount() == 1
              ? Optional.ofNullable(UNARY.get(node.getOpType()))
              : Optional.empty();
    };
  }

  private double bound(NodeProto clip, int index, String attribute, float none) {
    return clip.getInputCount() > index && !clip.getInput(index).isEmpty()
        ? scalar.apply(clip.getInput(index)).orElse(Float.NaN)
        : attribute(clip, attribute, none);
  }

  private static double attribute(NodeProto node, String name, float none) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .map(AttributeProto::getF)
        .findFirst()
        .orElse(none);
  }

  /**
   * The operator in whose place this last node and those before it stand.
   *
   * @param absorbed gets the values in between
   */
  Optional<NodeProto> match(NodeProto last, Set<String> absorbed) {
    if (last.getOutputCount() != 1 || !BINARY.containsKey(last.getOpType())) {
      return Optional.empty();
    }
    for (Map.Entry<String, double[]> known : results.get(last.getOutput(0)).entrySet()) {
      for (Curve curve : CURVES) {
        boolean isSelf = known.getKey().equals(last.getOutput(0));
        if (!isSelf && isCurve(known.getValue(), curve)) {
          Optional<Set<String>> between = between(last, known.getKey());
          if (between.isPresent()) {
            absorbed.addAll(between.get());
            return Optional.of(
                OnnxPatterns.replacement(last, curve.operator(), List.of(known.getKey()))
                    .addAllAttribute(curve.more())
                    .build());
          }
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isCurve(double[] results, Curve curve) {
    for (int i = 0; i < results.length; i++) {
      double expected = curve.formula().applyAsDouble(POINTS[i]);
      if (!(Math.abs(results[i] - expected)
          <= curve.tolerance() * Math.max(1, Math.abs(expected)))) {
        return false;
      }
    }
    return true;
  }

  /** The values between; empty if there are none, or another node reads one of them. */
  private Optional<Set<String>> between(NodeProto last, String source) {
    Map<String, Integer> read = new HashMap<>();
    List<NodeProto> open = new ArrayList<>(List.of(last));
    Set<String> between = new HashSet<>();
    while (!open.isEmpty()) {
      for (String input : open.remove(open.size() - 1).getInputList()) {
        if (!input.equals(source) && producers.containsKey(input)) {
          read.merge(input, 1, Integer::sum);
          if (between.add(input)) {
            open.add(producers.get(input));
          }
        }
      }
    }
    boolean own =
        between.stream().allMatch(value -> readers.getOrDefault(value, 0).equals(read.get(value)));
    return own && !between.isEmpty() ? Optional.of(between) : Optional.empty();
  }
}
