package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import shallows.model.graph.Extent;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/** Operators that move axes, join, split and drop them, and means over them. */
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
    for (long axis : attribute("perm").orElseThrow(() -> odd("perm", null, x))) {
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

  void flatten() {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    int axis = axis(call.attributes().integer("axis", 1), x.layout().rank() + 1);
    if (axis != 1) {
      throw new IllegalArgumentException("expected axis 1, found " + axis);
    }
    toVector(x);
  }

  /** Channels outermost, as a graph has it; channels last only where there is one position. */
  private void toVector(OnnxFlow x) {
    if (x.layout().equals(OnnxLayout.VECTOR)) {
      call.alias(x);
      return;
    }
    Shape shape = call.shape(x);
    boolean onePosition = shape.size() == shape.dimension(0);
    if (!x.layout().equals(OnnxLayout.FIRST) && !(x.layout().isImage() && onePosition)) {
      throw call.misfit("channels first, or one position, before a vector", x);
    }
    call.emit(new Operation.Flatten(), OnnxLayout.VECTOR, List.of(x.value()));
  }

  void squeeze() {
    call.inputs(1, 2);
    OnnxFlow x = call.image(0);
    int row = x.layout().heightAxis();
    List<Integer> axes = axes(x.layout().rank());
    Shape shape = call.shape(x);
    if (!axes.equals(List.of(row, row + 1)) || shape.size() != shape.dimension(0)) {
      throw call.misfit("rows and columns of extent 1 to squeeze, not axes " + axes, x);
    }
    toVector(x);
  }

  void unsqueeze() {
    call.inputs(1, 2);
    OnnxFlow x = call.flow(0, OnnxLayout.VECTOR);
    List<Integer> axes = axes(4);
    boolean first = axes.equals(List.of(2, 3));
    if (!first && !axes.equals(List.of(1, 2))) {
      throw new IllegalArgumentException("expected axes 2, 3 or 1, 2, found " + axes);
    }
    OnnxLayout layout = first ? OnnxLayout.FIRST : OnnxLayout.LAST;
    call.emit(new Operation.Unflatten(), layout, List.of(x.value()));
  }

  /** Sorted; an attribute until opset 12, an input from opset 13 on. */
  private List<Integer> axes(int rank) {
    long[] given = attribute("axes").orElseGet(() -> call.has(1) ? call.integers(1) : new long[0]);
    return Arrays.stream(given).mapToObj(axis -> axis(axis, rank)).sorted().toList();
  }

  private Optional<long[]> attribute(String name) {
    return call.attributes()
        .take(name, AttributeType.INTS)
        .map(AttributeProto::getIntsList)
        .map(list -> list.stream().mapToLong(Long::longValue).toArray());
  }

  void reduceMean() {
    call.inputs(1, 2);
    OnnxFlow x = call.image(0);
    boolean keeps = call.attributes().integer("keepdims", 1) != 0;
    call.attributes().expect("noop_with_empty_axes", 0);
    int row = x.layout().heightAxis();
    List<Integer> axes = axes(x.layout().rank());
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
    long[] given = attribute("split").orElse(null);
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
    long[] starts = call.has(1) ? call.integers(1) : attribute("starts").orElse(new long[0]);
    long[] ends = call.has(2) ? call.integers(2) : attribute("ends").orElse(new long[0]);
    Optional<long[]> given = attribute("axes");
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

  void reshape() {
    call.inputs(1, 2);
    call.attributes().expect("allowzero", 0);
    OnnxFlow x = call.flow(0);
    long[] asked = attribute("shape").orElseGet(() -> call.integers(1));
    long[] target = asked.clone();
    long[] before = call.imported().extents(x);
    if (target.length == 0 || !call.imported().isBatch(target[0])) {
      throw call.misfit("a shape that keeps the batch, not " + described(asked), x);
    }
    target[0] = OnnxImport.BATCH;
    fill(target, before, asked);
    if (Arrays.equals(target, before)) {
      call.alias(x);
    } else if (target.length == 2) {
      toVector(x);
    } else if (x.layout().equals(OnnxLayout.VECTOR) && target.length == 4) {
      toImage(x, target, asked);
    } else if (x.layout().equals(OnnxLayout.FIRST) && target.length == 5) {
      group(x, target, asked);
    } else if (x.layout().order() == OnnxLayout.Order.SWAPPED
        && Arrays.equals(target, call.imported().extents(first(x)))) {
      // First (g, C/g), then (C/g, g), then C again.
      Operation shuffle = new Operation.ChannelShuffle(x.layout().groups());
      call.emit(shuffle, OnnxLayout.FIRST, List.of(x.value()));
    } else {
      throw call.misfit("a shape that a graph knows, not " + described(asked), x);
    }
  }

  private static OnnxFlow first(OnnxFlow x) {
    return new OnnxFlow(x.value(), OnnxLayout.FIRST);
  }

  /** Puts numbers for 0, which copies an extent, and −1, which is what is left. */
  private void fill(long[] target, long[] before, long[] asked) {
    long size = 1;
    for (int i = 1; i < before.length; i++) {
      size *= before[i];
    }
    int open = -1;
    long given = 1;
    for (int i = 1; i < target.length; i++) {
      if (target[i] == 0 && i < before.length) {
        target[i] = before[i];
      }
      if (target[i] == -1) {
        open = i;
      } else if (target[i] < 1 || target[i] > size) {
        throw new IllegalArgumentException("expected extents, found " + described(asked));
      } else {
        given *= target[i];
        if (given > size) {
          break;
        }
      }
    }
    if (open > 0) {
      target[open] = size / given;
      given *= target[open];
    }
    if (given != size) {
      throw new IllegalArgumentException(
          "expected a shape of " + size + " numbers, found " + described(asked));
    }
  }

  private void toImage(OnnxFlow x, long[] target, long[] asked) {
    boolean first = target[2] == 1 && target[3] == 1;
    boolean last = target[1] == 1 && target[2] == 1;
    if (!first && !last) {
      throw call.misfit("an image of one position, not " + described(asked), x);
    }
    OnnxLayout layout = first ? OnnxLayout.FIRST : OnnxLayout.LAST;
    call.emit(new Operation.Unflatten(), layout, List.of(x.value()));
  }

  private void group(OnnxFlow x, long[] target, long[] asked) {
    Shape shape = call.shape(x);
    if (target[1] * target[2] != shape.dimension(0)
        || target[3] != shape.dimension(1)
        || target[4] != shape.dimension(2)) {
      throw call.misfit("the channels in groups, not " + described(asked), x);
    }
    call.alias(new OnnxFlow(x.value(), new OnnxLayout(OnnxLayout.Order.GROUPED, (int) target[1])));
  }

  private static String described(long[] shape) {
    return Arrays.toString(shape).replace(Long.toString(OnnxImport.BATCH), "N");
  }
}
