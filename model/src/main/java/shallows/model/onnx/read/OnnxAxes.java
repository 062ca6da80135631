package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/** Operators that turn axes, and means and maxima along them. */
final class OnnxAxes {
  private final OnnxCall call;

  OnnxAxes(OnnxCall call) {
    this.call = call;
  }

  /** An axis counted from the end where it is negative. */
  static int axis(long axis, int rank) {
    long counted = axis < 0 ? axis + rank : axis;
    if (counted < 0 || counted >= rank) {
      throw new IllegalArgumentException("expected an axis of " + rank + ", found " + axis);
    }
    return (int) counted;
  }

  void transpose() {
    OnnxFlow x = call.flow(0);
    call.restored(x.withLayout(x.layout().transposed(order(call, x.layout().rank()))));
  }

  /** The order of axes that a Transpose node asks for. */
  static List<Integer> order(OnnxCall call, int rank) {
    call.inputs(1, 1);
    List<Integer> order =
        Arrays.stream(
                call.attributes()
                    .integers("perm")
                    .orElseGet(() -> LongStream.range(0, rank).map(i -> rank - 1 - i).toArray()))
            .mapToObj(axis -> axis(axis, rank))
            .toList();
    if (order.size() != rank || new HashSet<>(order).size() != rank) {
      throw new IllegalArgumentException(
          "expected an order of " + rank + " axes, found perm " + order);
    }
    return order;
  }

  /** Sorted; an attribute until opset 12 or 17, an input from then on. */
  static List<Integer> axes(OnnxCall call, int rank) {
    return axes(call, rank, false);
  }

  /**
   * @param added whether they are counted in the result, which has as many more
   */
  static List<Integer> axes(OnnxCall call, int rank, boolean added) {
    long[] given =
        call.attributes()
            .integers("axes")
            .orElseGet(() -> call.has(1) ? call.integers(1) : new long[0]);
    int all = added ? rank + given.length : rank;
    return Arrays.stream(given).mapToObj(axis -> axis(axis, all)).sorted().distinct().toList();
  }

  void reduceMean() {
    reduced(call.flow(0), Operation.Statistic.MEAN);
  }

  void reduceMax() {
    reduced(call.flow(0), Operation.Statistic.MAXIMUM);
  }

  void reduceMin() {
    OnnxFlow negative = call.step(call.flow(0), "negative", new Operation.Scale(-1));
    Reduction reduction = reduction(negative, Operation.Statistic.MAXIMUM);
    finish(reduction, new Operation.Scale(-1));
  }

  void reduceSum() {
    Reduction reduction = reduction(call.flow(0), Operation.Statistic.MEAN);
    finish(reduction, new Operation.Scale(reduction.count()));
  }

  /** √Σx². */
  void reduceL2() {
    OnnxFlow squares = call.step(call.flow(0), "squares", new Operation.Power(2));
    Reduction reduction = reduction(squares, Operation.Statistic.MEAN);
    OnnxFlow sum = call.step(reduction.result(), "sum", new Operation.Scale(reduction.count()));
    finish(reduction.with(sum), new Operation.Power(0.5f));
  }

  /** Σ|x| and Σx². */
  void reduceSumOf(Operation before) {
    OnnxFlow parts = call.step(call.flow(0), "parts", before);
    Reduction reduction = reduction(parts, Operation.Statistic.MEAN);
    finish(reduction, new Operation.Scale(reduction.count()));
  }

  /** m + log Σeˣ⁻ᵐ, m the maximum. */
  void reduceLogSumExp() {
    OnnxFlow x = call.flow(0);
    boolean keeps = keepsAxes();
    List<Integer> axes = asked(x);
    OnnxArithmetic arithmetic = new OnnxArithmetic(call);
    OnnxFlow largest = along(x, Operation.Statistic.MAXIMUM, axes, true).result();
    OnnxFlow moved = arithmetic.stepOf("moved", Operation.Function.SUBTRACT, x, largest);
    OnnxFlow power = call.step(moved, "power", new Operation.Activation(Operation.Curve.EXP));
    Reduction mean = along(power, Operation.Statistic.MEAN, axes, true);
    OnnxFlow sum = call.step(mean.result(), "sum", new Operation.Scale(mean.count()));
    OnnxFlow log = call.step(sum, "logarithm", new Operation.Activation(Operation.Curve.LOG));
    OnnxFlow result = arithmetic.stepOf("result", Operation.Function.ADD, log, largest);
    settled(keeps ? result : result.withLayout(result.layout().without(axes)));
  }

  /**
   * A mean or a maximum along axes.
   *
   * @param count of the numbers that one number of the result is of
   */
  record Reduction(OnnxFlow result, int count) {
    private Reduction with(OnnxFlow other) {
      return new Reduction(other, count);
    }
  }

  private Reduction reduction(OnnxFlow x, Operation.Statistic statistic) {
    boolean keeps = keepsAxes();
    return along(x, statistic, asked(x), keeps);
  }

  private boolean keepsAxes() {
    return call.attributes().integer("keepdims", 1) != 0;
  }

  /** The axes that a reduction names. */
  private List<Integer> asked(OnnxFlow x) {
    call.inputs(1, 2);
    call.attributes().integer("noop_with_empty_axes", 0);
    List<Integer> axes = axes(call, x.layout().rank());
    if (axes.isEmpty() || hasImages(x, axes)) {
      throw call.misfit("axes of an image, not axes " + axes, x);
    }
    return axes;
  }

  private static boolean hasImages(OnnxFlow x, List<Integer> axes) {
    return axes.stream().anyMatch(x.layout()::hasImages);
  }

  private void finish(Reduction reduction, Operation last) {
    OnnxFlow result = reduction.result();
    if (isVector(result)) {
      taken(call.step(result, "reduced", last));
    } else {
      call.emit(result, last);
    }
  }

  private boolean isVector(OnnxFlow x) {
    return x.layout().rank() == 2 && x.layout().isInFront() && call.shape(x).rank() == 3;
  }

  /** A value that a file has as a vector is one in the graph. */
  private void taken(OnnxFlow x) {
    Shape vector = Shape.of(call.shape(x).size());
    call.emit(new Operation.Flatten(), OnnxLayout.first(vector), List.of(x.value()));
  }

  void reduced(OnnxFlow x, Operation.Statistic statistic) {
    call.inputs(1, 2);
    Reduction reduction = reduction(x, statistic);
    OnnxFlow result = reduction.result();
    if (result.value().equals(x.value())) {
      call.alias(result);
    } else {
      settled(result);
    }
  }

  /** What was computed last, under the name of the output. */
  private void settled(OnnxFlow result) {
    if (isVector(result)) {
      taken(result);
    } else {
      call.rename(result);
    }
  }

  /** √Σx² over all positions. */
  void globalLpPool() {
    call.inputs(1, 1);
    call.attributes().expect("p", 2);
    OnnxFlow squares = call.step(call.flow(0), "squares", new Operation.Power(2));
    List<Integer> axes = IntStream.range(2, squares.layout().rank()).boxed().toList();
    Reduction mean = along(squares, Operation.Statistic.MEAN, axes, true);
    OnnxFlow sum = call.step(mean.result(), "sum", new Operation.Scale(mean.count()));
    call.emit(sum, new Operation.Power(0.5f));
  }

  /** Over rows and columns of an image, and all other axes behind the channels. */
  void globalPool(Operation.Statistic statistic) {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    List<Integer> axes = new ArrayList<>();
    for (int axis = 2; axis < x.layout().rank(); axis++) {
      axes.add(axis);
    }
    OnnxFlow result = along(x, statistic, axes, true).result();
    if (result.value().equals(x.value())) {
      call.alias(result);
    } else {
      call.rename(result);
    }
  }

  Reduction along(
      OnnxFlow given, Operation.Statistic statistic, List<Integer> axes, boolean keeps) {
    OnnxFlow x = given;
    if (call.shape(x).rank() == 1 && x.layout().rank() == 2) {
      x = call.step(x, "image", new Operation.Unflatten());
    }
    if (hasImages(given, axes)) {
      throw call.misfit("axes of an image, not the images themselves", given);
    }
    Shape shape = call.shape(x);
    List<OnnxLayout.Part> parts = new ArrayList<>();
    axes.forEach(axis -> parts.addAll(given.layout().all().get(axis)));
    Set<Integer> dimensions =
        parts.stream().map(OnnxLayout.Part::dimension).collect(Collectors.toSet());
    int count = OnnxLayout.extent(parts);
    int whole =
        dimensions.contains(OnnxLayout.REPEATED)
            ? -1
            : dimensions.stream().map(shape::dimension).reduce(1, (a, b) -> a * b);
    if (count != whole) {
      // Parts of channels, as of each head, are all rows of another arrangement.
      x = OnnxTokens.withRows(call, x, axes);
      dimensions = Set.of(1);
    }
    OnnxFlow result =
        dimensions.isEmpty()
            ? x
            : call.step(x, "of", operation(statistic, dimensions, call.shape(x)));
    OnnxLayout layout = x.layout().reduced(dimensions);
    return new Reduction(result.withLayout(keeps ? layout : layout.without(axes)), count);
  }

  private static Operation operation(
      Operation.Statistic statistic, Set<Integer> dimensions, Shape shape) {
    boolean wholeImage =
        !dimensions.contains(0)
            && (dimensions.contains(1) || shape.dimension(1) == 1)
            && (dimensions.contains(2) || shape.dimension(2) == 1);
    if (wholeImage) {
      Extent image = new Extent(shape.dimension(1), shape.dimension(2));
      return statistic == Operation.Statistic.MEAN
          ? new Operation.GlobalAveragePool()
          : new Operation.MaxPool(image, Extent.ONE, Extent.ZERO);
    }
    return new Operation.Reduce(
        statistic,
        dimensions.stream().map(d -> Operation.Axis.values()[d]).collect(Collectors.toSet()));
  }
}
