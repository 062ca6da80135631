package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Operators that choose among the numbers of their inputs, and compute none. */
final class IndexOperators {
  private IndexOperators() {}

  static Map<String, Function<ConstantCall, Constant>> all() {
    return Map.ofEntries(
        Map.entry("Gather", IndexOperators::gather),
        Map.entry("GatherElements", IndexOperators::gatherElements),
        Map.entry("GatherND", IndexOperators::gatherNd),
        Map.entry("ScatterND", IndexOperators::scatterNd),
        Map.entry("Slice", IndexOperators::slice),
        Map.entry("Concat", IndexOperators::concat),
        Map.entry("Tile", IndexOperators::tile),
        Map.entry("Pad", IndexOperators::pad),
        Map.entry("Trilu", IndexOperators::trilu),
        Map.entry("NonZero", IndexOperators::nonZero));
  }

  /** Whole slices along one axis, which the axes of the indices take the place of. */
  private static Constant gather(ConstantCall call) {
    Constant x = call.input(0);
    Constant indices = call.input(1);
    int axis = call.axisOf(0, x.rank());
    long[] at = indices.integers();
    int inner = x.steps()[axis];
    int extent = x.extent(axis);
    List<Integer> extents = new ArrayList<>();
    for (int i = 0; i < axis; i++) {
      extents.add(x.extent(i));
    }
    Arrays.stream(indices.extents()).forEach(extents::add);
    for (int i = axis + 1; i < x.rank(); i++) {
      extents.add(x.extent(i));
    }
    return x.picked(
        extents.stream().mapToInt(Integer::intValue).toArray(),
        0,
        to -> {
          int outer = to / (inner * at.length);
          int index = ConstantCall.axis(at[to / inner % at.length], extent);
          return (outer * extent + index) * inner + to % inner;
        });
  }

  private static Constant gatherElements(ConstantCall call) {
    Constant x = call.input(0);
    Constant indices = call.input(1);
    int axis = call.axisOf(0, x.rank());
    long[] at = indices.integers();
    int[] places = indices.steps();
    int[] steps = x.steps();
    return x.picked(
        indices.extents(),
        0,
        to -> {
          int from = 0;
          for (int i = 0; i < x.rank(); i++) {
            int own = to / places[i] % indices.extent(i);
            from += steps[i] * (i == axis ? ConstantCall.axis(at[to], x.extent(i)) : own);
          }
          return from;
        });
  }

  private static Constant gatherNd(ConstantCall call) {
    call.attributes().expect("batch_dims", 0);
    Constant x = call.input(0);
    Constant indices = call.input(1);
    int last = indices.extent(indices.rank() - 1);
    int inner = Constant.size(Arrays.copyOfRange(x.extents(), last, x.rank()));
    int[] extents = Arrays.copyOf(indices.extents(), indices.rank() - 1 + x.rank() - last);
    System.arraycopy(x.extents(), last, extents, indices.rank() - 1, x.rank() - last);
    return x.picked(extents, 0, to -> place(x, indices, to / inner, last) + to % inner);
  }

  /** Where the slice begins that one row of indices names. */
  private static int place(Constant x, Constant indices, int row, int count) {
    int[] steps = x.steps();
    int place = 0;
    for (int axis = 0; axis < count; axis++) {
      long index = indices.integer(row * count + axis);
      place += steps[axis] * ConstantCall.axis(index, x.extent(axis));
    }
    return place;
  }

  private static Constant scatterNd(ConstantCall call) {
    if (!call.attributes().text("reduction", "none").equals("none")) {
      throw new IllegalArgumentException("expected reduction none");
    }
    Constant x = call.input(0);
    Constant indices = call.input(1);
    Constant updates = call.input(2);
    int last = indices.extent(indices.rank() - 1);
    int inner = Constant.size(Arrays.copyOfRange(x.extents(), last, x.rank()));
    int[] source = new int[x.size()];
    Arrays.setAll(source, i -> i);
    for (int i = 0; i < updates.size(); i++) {
      source[place(x, indices, i / inner, last) + i % inner] = x.size() + i;
    }
    Constant flat = x.reshaped(x.size());
    Constant both = joined(List.of(flat, updates.reshaped(updates.size())), 0);
    return both.picked(x.extents(), 0, to -> source[to]);
  }

  /** Attributes until opset 9, inputs from opset 10 on. */
  private static Constant slice(ConstantCall call) {
    Constant x = call.input(0);
    long[] starts = required(call, "starts", 1);
    long[] ends = required(call, "ends", 2);
    int[] axes =
        call.axes(3, x.rank())
            .orElseGet(
                () -> LongStream.range(0, starts.length).mapToInt(axis -> (int) axis).toArray());
    int[] extents = x.extents();
    int[] steps = x.steps();
    int offset = 0;
    for (int i = 0; i < starts.length; i++) {
      int axis = axes[i];
      long step = call.has(4) ? call.input(4).integers()[i] : 1;
      int extent = x.extent(axis);
      // A first place that there is, and a place behind the last, which may be −1 going back.
      long lowest = step > 0 ? 0 : -1;
      long from = clamped(starts[i], extent, 0, step > 0 ? extent : extent - 1);
      long to = clamped(ends[i], extent, lowest, step > 0 ? extent : extent - 1);
      long span = step > 0 ? to - from : from - to;
      long stride = Math.abs(step);
      extents[axis] = (int) Math.max(0, span / stride + (span % stride > 0 ? 1 : 0));
      offset += steps[axis] * (int) from;
      steps[axis] *= (int) Math.max(-extent, Math.min(extent, step));
    }
    return x.viewed(extents, steps, offset);
  }

  private static long[] required(ConstantCall call, String attribute, int index) {
    return call.integers(attribute, index)
        .orElseThrow(() -> new IllegalArgumentException("expected " + attribute + ", found none"));
  }

  private static long clamped(long index, int extent, long least, long most) {
    long counted = index < 0 ? index + extent : index;
    return Math.max(least, Math.min(most, counted));
  }

  private static Constant concat(ConstantCall call) {
    List<Constant> all = call.all();
    return joined(all, call.axisOf(Integer.MAX_VALUE, call.input(0).rank()));
  }

  private static Constant joined(List<Constant> all, int axis) {
    Constant first = all.get(0);
    int[] extents = first.extents();
    extents[axis] = 0;
    for (Constant each : all) {
      int[] own = each.extents();
      int along = own[axis];
      own[axis] = extents[axis];
      if (!Arrays.equals(own, extents) || each.type() != first.type()) {
        throw new IllegalArgumentException("expected constants that differ along one axis only");
      }
      extents[axis] += along;
    }
    int inner = Constant.size(Arrays.copyOfRange(extents, axis + 1, extents.length));
    return first.joined(all, extents, extents[axis] * inner, inner, axis);
  }

  private static Constant tile(ConstantCall call) {
    Constant x = call.input(0);
    long[] repeats = call.input(1).integers();
    long[] asked = new long[x.rank()];
    for (int axis = 0; axis < asked.length; axis++) {
      asked[axis] = Math.multiplyExact(x.extent(axis), repeats[axis]);
    }
    int[] extents = ConstantCall.extents(asked);
    int[] places = Constant.of(DataType.BOOL, extents, new long[0]).steps();
    int[] steps = x.steps();
    return x.picked(
        extents,
        0,
        to -> {
          int from = 0;
          for (int axis = 0; axis < extents.length; axis++) {
            from += steps[axis] * (to / places[axis] % extents[axis] % x.extent(axis));
          }
          return from;
        });
  }

  private static Constant pad(ConstantCall call) {
    if (!call.attributes().text("mode", "constant").equals("constant")) {
      throw new IllegalArgumentException("expected mode constant");
    }
    Constant x = call.input(0);
    long[] pads = required(call, "pads", 1);
    double value = call.has(2) ? call.input(2).number(0) : call.attributes().number("value", 0);
    int[] axes =
        call.axes(3, x.rank())
            .orElseGet(() -> LongStream.range(0, x.rank()).mapToInt(axis -> (int) axis).toArray());
    long[] asked = Arrays.stream(x.extents()).asLongStream().toArray();
    int[] before = new int[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      before[axes[i]] = Math.toIntExact(pads[i]);
      asked[axes[i]] += Math.addExact(pads[i], pads[i + axes.length]);
    }
    int[] extents = ConstantCall.extents(asked);
    int[] places = Constant.of(DataType.BOOL, extents, new long[0]).steps();
    int[] steps = x.steps();
    return x.picked(
        extents,
        value,
        to -> {
          int from = 0;
          for (int axis = 0; axis < extents.length; axis++) {
            int own = to / places[axis] % extents[axis] - before[axis];
            if (own < 0 || own >= x.extent(axis)) {
              return -1;
            }
            from += steps[axis] * own;
          }
          return from;
        });
  }

  static List<Constant> split(ConstantCall call) {
    Constant x = call.input(0);
    int axis = call.axisOf(0, x.rank());
    int parts = call.attributes().integer("num_outputs", call.outputs());
    int each = (x.extent(axis) + parts - 1) / parts;
    long[] sizes =
        call.integers("split", 1)
            .orElseGet(
                () ->
                    LongStream.range(0, parts)
                        .map(part -> Math.min(each, x.extent(axis) - part * each))
                        .toArray());
    if (Arrays.stream(sizes).sum() != x.extent(axis)) {
      throw new IllegalArgumentException(
          "expected parts of " + x.extent(axis) + ", found " + Arrays.toString(sizes));
    }
    List<Constant> result = new ArrayList<>();
    int from = 0;
    for (long size : sizes) {
      int[] extents = x.extents();
      extents[axis] = (int) size;
      result.add(x.viewed(extents, x.steps(), from * x.steps()[axis]));
      from += (int) size;
    }
    return result;
  }

  private static Constant trilu(ConstantCall call) {
    Constant x = call.input(0);
    boolean upper = call.attributes().integer("upper", 1) != 0;
    long diagonal = call.has(1) ? call.input(1).integer(0) : 0;
    int columns = x.extent(x.rank() - 1);
    int rows = x.extent(x.rank() - 2);
    return x.picked(
        x.extents(),
        0,
        to -> {
          int beyond = to % columns - to / columns % rows;
          return (upper ? beyond >= diagonal : beyond <= diagonal) ? to : -1;
        });
  }

  private static Constant nonZero(ConstantCall call) {
    Constant x = call.input(0);
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      if (x.number(i) != 0) {
        found.add(i);
      }
    }
    int count = found.size();
    int[] steps = x.steps();
    return Constant.integral(
        DataType.INT64,
        new int[] {x.rank(), count},
        i -> found.get(i % count) / steps[i / count] % x.extent(i / count));
  }
}
