package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Products of matrices and their like, and operators with a number for each channel. */
final class MatrixOperators {
  /** Of one product; more would take minutes. */
  private static final long MOST_PRODUCTS = 1L << 32;

  private MatrixOperators() {}

  static Map<String, Function<ConstantCall, Constant>> all() {
    Map<String, Function<ConstantCall, Constant>> operators = new HashMap<>();
    operators.put("MatMul", call -> product(call.input(0), call.input(1)));
    operators.put("Gemm", MatrixOperators::gemm);
    operators.put("Einsum", MatrixOperators::einsum);
    operators.put("BatchNormalization", MatrixOperators::batchNorm);
    operators.put("DequantizeLinear", MatrixOperators::dequantized);
    operators.put("QuantizeLinear", MatrixOperators::quantized);
    return operators;
  }

  /** (…, m, k) times (…, k, n); a vector is a row before and a column behind. */
  private static Constant product(Constant a, Constant b) {
    Constant left = a.rank() == 1 ? a.reshaped(1, a.size()) : a;
    Constant right = b.rank() == 1 ? b.reshaped(b.size(), 1) : b;
    if (a.rank() == 0 || b.rank() == 0) {
      throw new IllegalArgumentException("expected matrices, found a single number");
    }
    int rank = Math.max(left.rank(), right.rank());
    String batch = "abcdefghij".substring(0, rank - 2);
    Constant result =
        summed(
            List.of(
                batch.substring(rank - left.rank()) + "mk",
                batch.substring(rank - right.rank()) + "kn"),
            batch + "mn",
            List.of(left, right));
    int[] extents = result.extents();
    int count = extents.length;
    return result.reshaped(
        IntStream.range(0, count)
            .filter(
                axis -> !(axis == count - 2 && a.rank() == 1 || axis == count - 1 && b.rank() == 1))
            .map(axis -> extents[axis])
            .toArray());
  }

  private static Constant gemm(ConstantCall call) {
    double alpha = call.attributes().number("alpha", 1);
    double beta = call.attributes().number("beta", 1);
    String left = call.attributes().integer("transA", 0) != 0 ? "km" : "mk";
    String right = call.attributes().integer("transB", 0) != 0 ? "nk" : "kn";
    Constant product = summed(List.of(left, right), "mn", List.of(call.input(0), call.input(1)));
    if (!call.has(2)) {
      return Constant.floating(product.type(), product.extents(), i -> alpha * product.number(i));
    }
    Constant bias = call.input(2).broadcast(product.extents());
    return Constant.floating(
        product.type(), product.extents(), i -> alpha * product.number(i) + beta * bias.number(i));
  }

  /** Without the dots that stand for any number of axes. */
  private static Constant einsum(ConstantCall call) {
    String equation = call.attributes().text("equation", "").replace(" ", "");
    if (equation.contains(".")) {
      throw new IllegalArgumentException("expected an equation without dots, found " + equation);
    }
    int arrow = equation.indexOf("->");
    String before = arrow < 0 ? equation : equation.substring(0, arrow);
    String result = arrow < 0 ? implied(before) : equation.substring(arrow + 2);
    return summed(List.of(before.split(",")), result, call.all());
  }

  /** The letters that stand once, in their order. */
  private static String implied(String before) {
    StringBuilder result = new StringBuilder();
    before
        .chars()
        .filter(letter -> letter != ',')
        .sorted()
        .filter(letter -> before.indexOf(letter) == before.lastIndexOf(letter))
        .forEach(letter -> result.append((char) letter));
    return result.toString();
  }

  /** result = Σ of products over all letters that the result has not; extents of 1 are repeated. */
  private static Constant summed(List<String> terms, String result, List<Constant> inputs) {
    if (terms.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "expected " + terms.size() + " inputs, found " + inputs.size());
    }
    Map<Character, Integer> extents = new HashMap<>();
    for (int t = 0; t < terms.size(); t++) {
      if (terms.get(t).length() != inputs.get(t).rank()) {
        throw new IllegalArgumentException(
            "expected a letter for each axis, found " + terms.get(t));
      }
      for (int axis = 0; axis < terms.get(t).length(); axis++) {
        int extent = inputs.get(t).extent(axis);
        int known = extents.merge(terms.get(t).charAt(axis), extent, Math::max);
        if (known != extent && extent != 1 && known != 1) {
          throw new IllegalArgumentException("expected matching extents, found " + extents);
        }
      }
    }
    if (result.chars().anyMatch(letter -> !extents.containsKey((char) letter))) {
      throw new IllegalArgumentException("expected letters of the inputs, found " + result);
    }
    Set<Character> inner = new TreeSet<>(extents.keySet());
    result.chars().forEach(letter -> inner.remove((char) letter));
    StringBuilder order = new StringBuilder(result);
    inner.forEach(order::append);
    String letters = order.toString();
    int[] all = letters.chars().map(letter -> extents.get((char) letter)).toArray();
    long products = 1;
    for (int extent : all) {
      products = Math.multiplyExact(products, (long) extent);
    }
    if (products > MOST_PRODUCTS) {
      throw new IllegalArgumentException("expected fewer than 2^32 products, found " + products);
    }
    int[] target = Arrays.copyOf(all, result.length());
    double[] sums = new double[Constant.size(target)];
    int[][] steps = new int[inputs.size()][];
    for (int t = 0; t < steps.length; t++) {
      steps[t] = steps(terms.get(t), inputs.get(t), letters);
    }
    long each = sums.length == 0 ? 0 : products / sums.length;
    for (int to = 0; to < sums.length; to++) {
      for (long i = 0; i < each; i++) {
        double product = 1;
        for (int t = 0; t < steps.length; t++) {
          product *= inputs.get(t).number(place(to, i, all, target.length, steps[t]));
        }
        sums[to] += product;
      }
    }
    Constant first = inputs.get(0);
    return first.isFloating()
        ? Constant.floating(first.type(), target, i -> sums[i])
        : Constant.integral(first.type(), target, i -> (long) sums[i]);
  }

  private static int[] steps(String term, Constant input, String letters) {
    int[] own = input.steps();
    int[] steps = new int[letters.length()];
    for (int axis = 0; axis < term.length(); axis++) {
      steps[letters.indexOf(term.charAt(axis))] += input.extent(axis) == 1 ? 0 : own[axis];
    }
    return steps;
  }

  private static int place(int to, long within, int[] all, int outer, int[] steps) {
    int place = 0;
    long rest = within;
    for (int axis = all.length - 1; axis >= outer; axis--) {
      place += steps[axis] * (int) (rest % all[axis]);
      rest /= all[axis];
    }
    int left = to;
    for (int axis = outer - 1; axis >= 0; axis--) {
      place += steps[axis] * (left % all[axis]);
      left /= all[axis];
    }
    return place;
  }

  private static Constant batchNorm(ConstantCall call) {
    call.attributes().expect("training_mode", 0);
    call.attributes().number("momentum", 0);
    double epsilon = call.attributes().number("epsilon", 1e-5f);
    Constant x = call.input(0);
    int inner = x.rank() < 2 ? 1 : x.steps()[1];
    int channels = x.rank() < 2 ? 1 : x.extent(1);
    return Constant.floating(
        x.type(),
        x.extents(),
        i -> {
          int c = i / inner % channels;
          double deviation = Math.sqrt(call.input(4).number(c) + epsilon);
          double centered = x.number(i) - call.input(3).number(c);
          return call.input(1).number(c) * centered / deviation + call.input(2).number(c);
        });
  }

  /** (x − zero)·scale, one for all or each slice along an axis. */
  private static Constant dequantized(ConstantCall call) {
    call.attributes().expect("block_size", 0);
    Constant x = call.input(0);
    Constant scale = call.input(1);
    int axis = call.attributes().signed("axis", 1);
    int[] slice = slices(x, scale, axis);
    return Constant.floating(
        call.type("output_dtype", scale.type()),
        x.extents(),
        i -> {
          int s = i / slice[0] % slice[1];
          long zero = call.has(2) ? call.input(2).integer(s) : 0;
          return (x.integer(i) - zero) * scale.number(s);
        });
  }

  private static Constant quantized(ConstantCall call) {
    call.attributes().expect("block_size", 0);
    call.attributes().integer("saturate", 1);
    Constant x = call.input(0);
    Constant scale = call.input(1);
    int[] slice = slices(x, scale, call.attributes().signed("axis", 1));
    DataType type = call.type("output_dtype", call.has(2) ? call.input(2).type() : DataType.UINT8);
    long most =
        switch (type) {
          case UINT8 -> 255;
          case INT8 -> 127;
          case UINT16 -> 65_535;
          case INT16 -> 32_767;
          default -> throw new IllegalArgumentException("expected 8 or 16 bits, found " + type);
        };
    long least = type == DataType.INT8 || type == DataType.INT16 ? -most - 1 : 0;
    return Constant.integral(
        type,
        x.extents(),
        i -> {
          int s = i / slice[0] % slice[1];
          long zero = call.has(2) ? call.input(2).integer(s) : 0;
          long value = Math.round(Math.rint(x.number(i) / scale.number(s))) + zero;
          return Math.max(least, Math.min(most, value));
        });
  }

  /** How long a slice is, and how many different ones there are. */
  private static int[] slices(Constant x, Constant scale, int axis) {
    if (scale.size() == 1) {
      return new int[] {1, 1};
    }
    int along = ConstantCall.axis(axis, x.rank());
    if (scale.rank() != 1 || scale.size() != x.extent(along)) {
      throw new IllegalArgumentException(
          "expected a scale for each of " + x.extent(along) + ", found " + scale.size());
    }
    return new int[] {x.steps()[along], x.extent(along)};
  }
}
