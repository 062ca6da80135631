package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Operators that make one number of many, along axes. */
final class ReducingOperators {
  private ReducingOperators() {}

  static Map<String, Function<ConstantCall, Constant>> all() {
    Map<String, Function<ConstantCall, Constant>> operators = new HashMap<>();
    DoubleUnaryOperator same = x -> x;
    operators.put("ReduceSum", call -> reduce(call, 0, same, Double::sum, (x, n) -> x));
    operators.put("ReduceMean", call -> reduce(call, 0, same, Double::sum, (x, n) -> x / n));
    operators.put("ReduceProd", call -> reduce(call, 1, same, (a, b) -> a * b, (x, n) -> x));
    double least = Double.NEGATIVE_INFINITY;
    operators.put("ReduceMax", call -> reduce(call, least, same, Math::max, (x, n) -> x));
    operators.put("ReduceMin", call -> reduce(call, -least, same, Math::min, (x, n) -> x));
    operators.put("ReduceL1", call -> reduce(call, 0, Math::abs, Double::sum, (x, n) -> x));
    operators.put("ReduceL2", call -> squares(call, (x, n) -> Math.sqrt(x)));
    operators.put("ReduceSumSquare", call -> squares(call, (x, n) -> x));
    operators.put(
        "ReduceLogSum", call -> reduce(call, 0, same, Double::sum, (x, n) -> Math.log(x)));
    operators.put(
        "ReduceLogSumExp", call -> reduce(call, 0, Math::exp, Double::sum, (x, n) -> Math.log(x)));
    operators.put("ArgMax", call -> best(call, 1));
    operators.put("ArgMin", call -> best(call, -1));
    operators.put("CumSum", ReducingOperators::cumulated);
    operators.put("Softmax", ReducingOperators::softmax);
    return operators;
  }

  private static Constant squares(ConstantCall call, DoubleBinaryOperator end) {
    return reduce(call, 0, x -> x * x, Double::sum, end);
  }

  /**
   * @param each applied to each number before
   * @param end applied to what came of all, and how many they were
   */
  private static Constant reduce(
      ConstantCall call,
      double begin,
      DoubleUnaryOperator each,
      DoubleBinaryOperator joining,
      DoubleBinaryOperator end) {
    Constant x = call.input(0);
    boolean keeps = call.attributes().integer("keepdims", 1) != 0;
    boolean none = call.attributes().integer("noop_with_empty_axes", 0) != 0;
    int[] axes = call.axes(1, x.rank()).orElse(new int[0]);
    if (axes.length == 0) {
      if (none) {
        return x;
      }
      axes = IntStream.range(0, x.rank()).toArray();
    }
    Set<Integer> gone = new HashSet<>(Arrays.stream(axes).boxed().toList());
    int[] kept = x.extents();
    gone.forEach(axis -> kept[axis] = 1);
    int[] places = Constant.of(DataType.BOOL, kept, new long[0]).steps();
    int[] steps = x.steps();
    double[] result = new double[Constant.size(kept)];
    Arrays.fill(result, begin);
    for (int i = 0; i < x.size(); i++) {
      int to = 0;
      for (int axis = 0; axis < kept.length; axis++) {
        to += gone.contains(axis) ? 0 : places[axis] * (i / steps[axis] % x.extent(axis));
      }
      result[to] = joining.applyAsDouble(result[to], each.applyAsDouble(x.number(i)));
    }
    int[] extents =
        keeps
            ? kept
            : IntStream.range(0, x.rank())
                .filter(axis -> !gone.contains(axis))
                .map(x::extent)
                .toArray();
    int count = x.size() / Math.max(1, result.length);
    return x.isFloating()
        ? Constant.floating(x.type(), extents, i -> end.applyAsDouble(result[i], count))
        : Constant.integral(x.type(), extents, i -> (long) end.applyAsDouble(result[i], count));
  }

  private static Constant best(ConstantCall call, int sign) {
    Constant x = call.input(0);
    int axis = call.axisOf(0, x.rank());
    boolean keeps = call.attributes().integer("keepdims", 1) != 0;
    boolean last = call.attributes().integer("select_last_index", 0) != 0;
    int inner = x.steps()[axis];
    int extent = x.extent(axis);
    int[] extents =
        keeps
            ? x.extents()
            : IntStream.range(0, x.rank()).filter(i -> i != axis).map(x::extent).toArray();
    if (keeps) {
      extents[axis] = 1;
    }
    return Constant.integral(
        DataType.INT64,
        extents,
        to -> {
          int from = to / inner * inner * extent + to % inner;
          int found = 0;
          for (int i = 1; i < extent; i++) {
            int order =
                Double.compare(
                    sign * x.number(from + i * inner), sign * x.number(from + found * inner));
            found = order > 0 || order == 0 && last ? i : found;
          }
          return found;
        });
  }

  private static Constant cumulated(ConstantCall call) {
    Constant x = call.input(0);
    int axis = ConstantCall.axis(call.input(1).integer(0), x.rank());
    boolean exclusive = call.attributes().integer("exclusive", 0) != 0;
    boolean reverse = call.attributes().integer("reverse", 0) != 0;
    int inner = x.steps()[axis];
    int extent = x.extent(axis);
    double[] sums = new double[x.size()];
    for (int i = 0; i < sums.length; i++) {
      int place = reverse ? sums.length - 1 - i : i;
      int own = place / inner % extent;
      boolean first = own == (reverse ? extent - 1 : 0);
      int before = reverse ? place + inner : place - inner;
      double so = first ? 0 : sums[before] + (exclusive ? x.number(before) : 0);
      sums[place] = exclusive ? so : so + x.number(place);
    }
    return x.isFloating()
        ? Constant.floating(x.type(), x.extents(), i -> sums[i])
        : Constant.integral(x.type(), x.extents(), i -> (long) sums[i]);
  }

  /** Until opset 12 over all axes from the named one on. */
  private static Constant softmax(ConstantCall call) {
    Constant x = call.input(0);
    boolean old = call.opset() < 13;
    int axis = call.axisOf(old ? 1 : -1, x.rank());
    int inner = old ? 1 : x.steps()[axis];
    int extent =
        old ? Constant.size(Arrays.copyOfRange(x.extents(), axis, x.rank())) : x.extent(axis);
    double[] result = new double[x.size()];
    for (int row = 0; row < x.size() / Math.max(1, extent); row++) {
      int from = row / inner * inner * extent + row % inner;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < extent; i++) {
        most = Math.max(most, x.number(from + i * inner));
      }
      double sum = 0;
      for (int i = 0; i < extent; i++) {
        result[from + i * inner] = Math.exp(x.number(from + i * inner) - most);
        sum += result[from + i * inner];
      }
      for (int i = 0; i < extent; i++) {
        result[from + i * inner] /= sum;
      }
    }
    return Constant.floating(x.type(), x.extents(), i -> result[i]);
  }
}
