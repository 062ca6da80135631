package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import shallows.model.graph.Extent;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.onnx.constant.OnnxAttributes;

/** Operators that take parts along axes. */
final class OnnxSlices {

  private final OnnxCall call;

  OnnxSlices(OnnxCall call) {
    this.call = call;
  }

  /** A part along one axis: every {@code step}th from {@code from} to before {@code to}. */
  private record Range(int from, int to, int step) {
    int extent() {
      return (to - from + step - 1) / step;
    }
  }

  void split() {
    call.inputs(1, 2);
    OnnxFlow x = call.flow(0);
    int axis = OnnxAxes.axis(call.attributes().signed("axis", 0), x.layout().rank());
    int parts = call.attributes().integer("num_outputs", call.outputs().size());
    long[] given = call.attributes().integers("split").orElse(null);
    long[] sizes = call.has(1) ? call.integers(1) : given;
    if (x.layout().hasImages(axis)) {
      throw call.misfit("parts of each image, not of the batch", x);
    }
    int extent = OnnxLayout.extent(x.layout().all().get(axis));
    if (sizes == null) {
      // The last is smaller where they cannot be equal.
      int each = (extent + parts - 1) / Math.max(1, parts);
      sizes = new long[call.outputs().size()];
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = Math.min(each, extent - (long) i * each);
      }
    }
    if (sizes.length != call.outputs().size() || Arrays.stream(sizes).sum() != extent) {
      throw new IllegalArgumentException(
          "expected "
              + call.outputs().size()
              + " parts of "
              + extent
              + ", found "
              + Arrays.toString(sizes));
    }
    int from = 0;
    for (int i = 0; i < sizes.length; i++) {
      int to = from + (int) sizes[i];
      String name = call.outputs().get(i);
      if (!name.isEmpty()) {
        call.imported().define(name, part(x, axis, new Range(from, to, 1), name));
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
    long[] steps = call.has(4) ? call.integers(4) : LongStream.of(starts).map(s -> 1).toArray();
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length
        || Arrays.stream(steps).anyMatch(step -> step < 1)) {
      throw new IllegalArgumentException(
          "expected a start, an end and a positive step of each axis");
    }
    Range[] ranges = new Range[x.layout().rank()];
    for (int i = 0; i < starts.length; i++) {
      int axis = OnnxAxes.axis(axes[i], x.layout().rank());
      // The batch is whole or nothing; any end beyond stands for all of it.
      boolean images = x.layout().hasImages(axis);
      long extent = images ? images() : OnnxLayout.extent(x.layout().all().get(axis));
      int start = (int) clamped(starts[i], extent);
      int end = (int) clamped(ends[i], extent);
      int step = OnnxAttributes.small("a step", steps[i]);
      if (images && (start != 0 || end != extent || step != 1)) {
        throw call.misfit("a part of each image, not of the batch", x);
      }
      if (start >= end) {
        throw call.misfit("a part with something in it along axis " + axis, x);
      }
      if (!images && (start != 0 || end != extent || step != 1)) {
        ranges[axis] = new Range(start, end, step);
      }
    }
    OnnxFlow result = image(x, ranges);
    for (int axis = 0; axis < ranges.length; axis++) {
      if (ranges[axis] != null) {
        result = part(result, axis, ranges[axis], call.output() + "/part" + axis);
      }
    }
    if (result.value().equals(x.value())) {
      call.alias(result);
    } else {
      call.rename(result);
    }
  }

  /** Any end beyond stands for all images where their number is open. */
  private long images() {
    long images = call.imported().images();
    return images == OnnxImport.BATCH ? Integer.MAX_VALUE : images;
  }

  /** Rows and columns of an image at once; what is done is taken from the ranges. */
  private OnnxFlow image(OnnxFlow x, Range[] ranges) {
    Shape shape = call.shape(x);
    if (shape.rank() != 3) {
      return x;
    }
    int[] top = new int[3];
    int[] size = {0, shape.dimension(1), shape.dimension(2)};
    int[] stride = {1, 1, 1};
    OnnxLayout layout = x.layout();
    for (int axis = 0; axis < ranges.length; axis++) {
      for (int dimension = 1; dimension < 3 && ranges[axis] != null; dimension++) {
        if (shape.dimension(dimension) > 1 && layout.isWhole(axis, dimension, shape)) {
          top[dimension] = ranges[axis].from();
          size[dimension] = ranges[axis].to() - ranges[axis].from();
          stride[dimension] = ranges[axis].step();
          layout = layout.with(axis, OnnxLayout.whole(dimension, ranges[axis].extent()));
          ranges[axis] = null;
        }
      }
    }
    OnnxFlow result = x;
    Extent part = new Extent(size[1], size[2]);
    if (!part.equals(new Extent(shape.dimension(1), shape.dimension(2)))) {
      result = call.step(x, "cropped", new Operation.CropImage(top[1], top[2], part));
    }
    Extent every = new Extent(stride[1], stride[2]);
    if (!every.equals(Extent.ONE)) {
      result = subsampled(result, every);
    }
    return result.withLayout(layout);
  }

  /** By a mean over one pixel; two such in a row are one. */
  private OnnxFlow subsampled(OnnxFlow x, Extent stride) {
    Optional<Node> before =
        call.imported().ownNode(call.inputs().get(0), x).filter(OnnxSlices::subsamples);
    if (before.isEmpty()) {
      Operation every = new Operation.AveragePool(Extent.ONE, stride, Extent.ZERO);
      return call.step(x, "every", every);
    }
    Extent first = ((Operation.AveragePool) before.get().operation()).stride();
    Extent both = new Extent(first.height() * stride.height(), first.width() * stride.width());
    call.imported().remove(before.get());
    OnnxFlow source = new OnnxFlow(before.get().inputs().get(0), x.layout());
    return call.step(source, "every", new Operation.AveragePool(Extent.ONE, both, Extent.ZERO));
  }

  private static boolean subsamples(Node node) {
    return node.operation() instanceof Operation.AveragePool pool
        && pool.kernel().equals(Extent.ONE)
        && pool.padding().equals(Extent.ZERO);
  }

  /** A part along an axis of rows or columns, or of channels, which it is made to be if need be. */
  private OnnxFlow part(OnnxFlow x, int axis, Range range, String name) {
    Shape shape = call.shape(x);
    List<OnnxLayout.Part> parts = x.layout().all().get(axis);
    if (x.layout().hasImages(axis)) {
      throw call.misfit("a part of each image, not of the batch", x);
    }
    if (range.from() == 0 && range.to() == OnnxLayout.extent(parts) && range.step() == 1) {
      return x;
    }
    if (shape.rank() == 3 && parts.size() == 1 && parts.get(0).dimension() > 0) {
      Range[] ranges = new Range[x.layout().rank()];
      ranges[axis] = range;
      OnnxFlow image = image(x, ranges);
      if (ranges[axis] == null) {
        return image;
      }
    }
    if (range.step() != 1 || x.layout().repeats()) {
      throw call.misfit("the axis of the channels, rows or columns, not axis " + axis, x);
    }
    boolean outermost =
        parts.size() == 1
            && parts.get(0).dimension() == 0
            && parts.get(0).step() * parts.get(0).extent() == shape.dimension(0);
    OnnxFlow channels = outermost ? x : outermost(x, axis);
    int step = channels.layout().all().get(axis).get(0).step();
    Operation slice = new Operation.SliceChannels(range.from() * step, range.to() * step);
    String value = call.imported().add(name, slice, List.of(channels.value()));
    List<OnnxLayout.Part> left =
        range.extent() == 1 ? List.of() : List.of(new OnnxLayout.Part(0, step, range.extent()));
    return new OnnxFlow(value, channels.layout().with(axis, left));
  }

  /** A value whose channels begin with this axis of the file; its rows and columns stay. */
  private OnnxFlow outermost(OnnxFlow x, int axis) {
    List<OnnxLayout.Part> slowest = x.layout().all().get(axis);
    List<List<OnnxLayout.Part>> axes = new ArrayList<>();
    for (int dimension = 0; dimension < 3; dimension++) {
      axes.add(new ArrayList<>());
    }
    axes.get(0).addAll(slowest);
    x.layout().all().stream()
        .flatMap(List::stream)
        .filter(part -> part.dimension() != OnnxLayout.BATCH && !slowest.contains(part))
        .sorted(Comparator.comparing(OnnxLayout.Part::step).reversed())
        .forEach(part -> axes.get(part.dimension()).add(part));
    return OnnxTokens.rearranged(call, x, axes);
  }

  private static long clamped(long index, long extent) {
    long counted = index < 0 ? index + extent : index;
    return Math.max(0, Math.min(extent, counted));
  }

  /** One index, which loses its axis, or several, which are channels in another order. */
  void gather() {
    call.inputs(2, 2);
    OnnxFlow x = call.flow(0);
    int axis = OnnxAxes.axis(call.attributes().signed("axis", 0), x.layout().rank());
    long[] indices = call.integers(1);
    if (x.layout().hasImages(axis)) {
      if (call.imported().images() != 1 || indices.length != 1) {
        throw call.misfit("a part of each image, not of the batch", x);
      }
      boolean stays = !call.isScalar(1);
      OnnxAxes.axis(indices[0], 1);
      call.alias(stays ? x : x.withLayout(x.layout().without(List.of(axis))));
      return;
    }
    int extent = OnnxLayout.extent(x.layout().all().get(axis));
    if (new OnnxPixels(call).select(x, axis, indices)) {
      return;
    }
    List<OnnxFlow> runs = new ArrayList<>();
    for (int i = 0; i < indices.length; ) {
      int from = OnnxAxes.axis(indices[i], extent);
      int to = from + 1;
      for (i++; i < indices.length && OnnxAxes.axis(indices[i], extent) == to; i++) {
        to++;
      }
      String name = call.output() + "/part" + runs.size();
      runs.add(part(x, axis, new Range(from, to, 1), name));
    }
    OnnxFlow result = runs.get(0);
    if (runs.size() > 1) {
      OnnxConcat.Joined joined = new OnnxConcat(call).joined(runs, axis);
      if (joined.dimension() != 0) {
        throw call.misfit("neighbouring rows or columns, not " + Arrays.toString(indices), x);
      }
      String name =
          call.imported().add(call.output() + "/joined", new Operation.Concat(), joined.values());
      result = new OnnxFlow(name, joined.layout());
    }
    boolean one = call.isScalar(1);
    OnnxFlow named = one ? result.withLayout(result.layout().without(List.of(axis))) : result;
    boolean vector = named.layout().rank() == 2 && named.layout().isInFront();
    if (vector && call.shape(named).rank() == 3) {
      call.rename(call.first(named));
    } else if (result.value().equals(x.value())) {
      call.alias(named);
    } else {
      call.rename(named);
    }
  }
}
