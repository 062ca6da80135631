package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import shallows.model.graph.Extent;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/** Operators that move axes, join and split along them, and means over them. */
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
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    int rank = x.layout().rank();
    List<Integer> order = new ArrayList<>();
    for (long axis : call.attributes().integers("perm").orElseThrow(() -> odd("perm", null, x))) {
      order.add((int) axis);
    }
    if (order.equals(List.of(0, 1, 2, 3, 4).subList(0, rank))) {
      call.alias(x);
      return;
    }
    OnnxLayout.Order from = x.layout().order();
    boolean swaps = order.equals(List.of(0, 2, 1, 3, 4));
    if (from == OnnxLayout.Order.FIRST && order.equals(List.of(0, 2, 3, 1))) {
      call.alias(new OnnxFlow(x.value(), OnnxLayout.LAST));
    } else if (from == OnnxLayout.Order.LAST && order.equals(List.of(0, 3, 1, 2))) {
      toFirst(x);
    } else if (from == OnnxLayout.Order.GROUPED && swaps) {
      OnnxLayout swapped = new OnnxLayout(OnnxLayout.Order.SWAPPED, x.layout().groups());
      call.alias(new OnnxFlow(x.value(), swapped));
    } else {
      throw odd("perm", order, x);
    }
  }

  /** ONNX has layer norm over the last axis only, so its value is the one that was turned back. */
  private void toFirst(OnnxFlow x) {
    Optional<Node> norm =
        call.imported()
            .ownNode(call.inputs().get(0), x)
            .filter(node -> node.operation() instanceof Operation.ChannelNorm);
    if (norm.isPresent()) {
      call.imported().remove(norm.get());
      call.emit(norm.get().operation(), OnnxLayout.FIRST, norm.get().inputs());
    } else {
      call.alias(new OnnxFlow(x.value(), OnnxLayout.FIRST));
    }
  }

  private IllegalArgumentException odd(String what, Object found, OnnxFlow x) {
    return call.misfit("a graph's own axes behind " + what + " " + found, x);
  }

  /** Sorted; an attribute until opset 12, an input from opset 13 on. */
  static List<Integer> axes(OnnxCall call, int rank) {
    long[] given =
        call.attributes()
            .integers("axes")
            .orElseGet(() -> call.has(1) ? call.integers(1) : new long[0]);
    return Arrays.stream(given).mapToObj(axis -> axis(axis, rank)).sorted().toList();
  }

  void reduceMean() {
    call.inputs(1, 2);
    OnnxFlow x = call.image(0);
    boolean keeps = call.attributes().integer("keepdims", 1) != 0;
    call.attributes().expect("noop_with_empty_axes", 0);
    int row = x.layout().heightAxis();
    List<Integer> axes = axes(call, x.layout().rank());
    if (!axes.equals(List.of(row, row + 1))) {
      throw call.misfit("a mean over rows and columns, not over axes " + axes, x);
    }
    if (keeps) {
      call.emit(x, new Operation.GlobalAveragePool());
    } else {
      OnnxFlow mean = call.step(x, "mean", new Operation.GlobalAveragePool());
      call.emit(new Operation.Flatten(), OnnxLayout.VECTOR, List.of(mean.value()));
    }
  }

  void globalMaxPool() {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0, OnnxLayout.FIRST);
    Shape shape = call.shape(x);
    var image = new Extent(shape.dimension(1), shape.dimension(2));
    call.emit(x, new Operation.MaxPool(image, Extent.ONE, Extent.ZERO));
  }

  void concat() {
    List<String> inputs = call.inputs(1, Integer.MAX_VALUE);
    OnnxFlow first = call.flow(0);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      OnnxFlow next = call.flow(i);
      if (!next.layout().equals(first.layout())) {
        throw call.misfit("inputs with axes of one order", next);
      }
      values.add(next.value());
    }
    requireChannels(first, call.attributes().signed("axis", Integer.MAX_VALUE));
    if (values.size() == 1) {
      call.alias(first);
    } else {
      call.emit(new Operation.Concat(), first.layout(), values);
    }
  }

  private void requireChannels(OnnxFlow x, long axis) {
    boolean grouped = !x.layout().isImage() && !x.layout().equals(OnnxLayout.VECTOR);
    if (grouped || axis(axis, x.layout().rank()) != x.layout().channelAxis()) {
      throw call.misfit("the axis of the channels, not axis " + axis, x);
    }
  }

  void split() {
    call.inputs(1, 2);
    OnnxFlow x = call.flow(0);
    requireChannels(x, call.attributes().signed("axis", 0));
    int parts = call.attributes().integer("num_outputs", call.outputs().size());
    int channels = call.shape(x).dimension(0);
    long[] given = call.attributes().integers("split").orElse(null);
    long[] sizes = call.has(1) ? call.integers(1) : given;
    if (sizes == null) {
      // The last is smaller where they cannot be equal.
      int each = (channels + parts - 1) / Math.max(1, parts);
      sizes = new long[call.outputs().size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Math.min(each, channels - (long) i * each);
      }
    }
    if (sizes.length != call.outputs().size() || Arrays.stream(sizes).sum() != channels) {
      throw new IllegalArgumentException(
          "expected "
              + call.outputs().size()
              + " parts of "
              + channels
              + " channels, found "
              + Arrays.toString(sizes));
    }
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      int to = from + (int) sizes[i];
      String name = call.outputs().get(i);
      if (!name.isEmpty()) {
        Operation slice = new Operation.SliceChannels(from, to);
        String value = call.imported().add(name, slice, List.of(x.value()));
        call.imported().define(name, new OnnxFlow(value, x.layout()));
      }
      from = to;
    }
  }

  /** Attributes until opset 9, inputs from opset 10 on. */
  void slice() {
    call.inputs(1, 5);
    OnnxFlow x = call.flow(0);
    long[] starts =
        call.has(1) ? call.integers(1) : call.attributes().integers("starts").orElse(new long[0]);
    long[] ends =
        call.has(2) ? call.integers(2) : call.attributes().integers("ends").orElse(new long[0]);
    Optional<long[]> given = call.attributes().integers("axes");
    long[] axes =
        call.has(3)
            ? call.integers(3)
            : given.orElseGet(() -> LongStream.range(0, starts.length).toArray());
    long[] steps = call.has(4) ? call.integers(4) : new long[0];
    if (ends.length != starts.length
        || axes.length != starts.length
        || Arrays.stream(steps).anyMatch(step -> step != 1)) {
      throw new IllegalArgumentException("expected a start, an end and step 1 for each axis");
    }
    long[] extents = call.imported().extents(x);
    int from = 0;
    int to = call.shape(x).dimension(0);
    for (int i = 0; i < starts.length; i++) {
      int axis = axis(axes[i], x.layout().rank());
      // The batch is whole or nothing; any end beyond stands for all of it.
      long extent = axis == 0 ? Integer.MAX_VALUE : extents[axis];
      long start = clamped(starts[i], extent);
      long end = clamped(ends[i], extent);
      if (start == 0 && end == extent) {
        continue;
      }
      requireChannels(x, axis);
      from = (int) start;
      to = (int) end;
    }
    call.emit(x, new Operation.SliceChannels(from, to));
  }

  private static long clamped(long index, long extent) {
    long counted = index < 0 ? index + extent : index;
    return Math.max(0, Math.min(extent, counted));
  }
}
