package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Computes with constant floats. */
final class OnnxFloatFolding {
  private final OnnxCall call;

  OnnxFloatFolding(OnnxCall call) {
    this.call = call;
  }

  void fold() {
    OnnxConstants constants = call.constants();
    String name = call.constant(0);
    switch (call.operator()) {
      case "Transpose" -> constants.alias(call.output(), transposed(name));
      case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> reshape(name);
      case "Add" -> combine((a, b) -> a + b);
      case "Sub" -> combine((a, b) -> a - b);
      case "Mul" -> combine((a, b) -> a * b);
      case "Div" -> combine((a, b) -> a / b);
      case "Pow" -> combine(Math::pow);
      case "Sqrt" -> map(Math::sqrt);
      case "Neg" -> map(value -> -value);
      case "Reciprocal" -> map(value -> 1 / value);
      case "Exp" -> map(Math::exp);
      default -> throw new IllegalArgumentException("unknown operation on constants");
    }
  }

  private String transposed(String name) {
    long[] order = call.attributes().integers("perm").orElse(new long[0]);
    if (order.length != 0 && !Arrays.equals(order, new long[] {1, 0})) {
      return call.constants().permuted(name, order);
    }
    return call.constants().transposed(name);
  }

  private void reshape(String name) {
    Tensor tensor = call.constants().floats(name);
    List<Integer> target = new ArrayList<>();
    if (call.operator().equals("Reshape")) {
      call.attributes().expect("allowzero", 0);
      long given = 1;
      int open = -1;
      long[] asked = call.integers(1);
      for (int i = 0; i < asked.length; i++) {
        long extent = asked[i] == 0 ? tensor.shape().dimension(i) : asked[i];
        open = extent == -1 ? i : open;
        target.add(extent == -1 ? 1 : OnnxAttributes.small("an extent", extent));
        given *= target.get(i);
      }
      if (open >= 0) {
        target.set(open, (int) (tensor.size() / given));
      }
    } else {
      // Only the number of axes of extent 1 changes; who reads the constant aligns it at the end.
      long[] axes =
          call.has(1) ? call.integers(1) : call.attributes().integers("axes").orElse(new long[0]);
      target.addAll(tensor.shape().dimensions());
      if (call.operator().equals("Unsqueeze")) {
        int rank = target.size() + axes.length;
        Arrays.stream(axes)
            .mapToInt(axis -> OnnxAxes.axis(axis, rank))
            .sorted()
            .forEach(axis -> target.add(Math.min(axis, target.size()), 1));
      } else if (call.operator().equals("Squeeze")) {
        target.removeIf(extent -> extent == 1);
      } else {
        throw new IllegalArgumentException("unknown operation on constants");
      }
    }
    call.constants().put(call.output(), new Tensor(new Shape(target), tensor.values()));
  }

  private void map(DoubleUnaryOperator operator) {
    Tensor tensor = call.constants().floats(call.constant(0));
    float[] result = new float[tensor.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) operator.applyAsDouble(tensor.values()[i]);
    }
    call.constants().put(call.output(), new Tensor(tensor.shape(), result));
  }

  private void combine(DoubleBinaryOperator operator) {
    Tensor first = call.constants().floats(call.constant(0));
    Tensor second = call.constants().floats(call.constant(1));
    boolean same = first.shape().equals(second.shape());
    if (!same && first.size() != 1 && second.size() != 1) {
      throw new IllegalArgumentException(
          "expected constants of one shape, or one number, found "
              + first.shape()
              + " and "
              + second.shape());
    }
    Tensor larger = first.size() >= second.size() ? first : second;
    float[] result = new float[larger.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] =
          (float)
              operator.applyAsDouble(
                  first.values()[first.size() == 1 ? 0 : i],
                  second.values()[second.size() == 1 ? 0 : i]);
    }
    call.constants().put(call.output(), new Tensor(larger.shape(), result));
  }
}
