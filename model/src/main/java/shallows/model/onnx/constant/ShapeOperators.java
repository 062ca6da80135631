package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Operators that look at shapes, change them, or make a constant of one. */
final class ShapeOperators {
  private ShapeOperators() {}

  static Map<String, Function<ConstantCall, Constant>> all() {
    return Map.ofEntries(
        Map.entry("Shape", ShapeOperators::shape),
        Map.entry("Size", call -> Constant.of(DataType.INT64, new int[0], size(call))),
        Map.entry("Reshape", ShapeOperators::reshape),
        Map.entry("Flatten", ShapeOperators::flatten),
        Map.entry("Squeeze", ShapeOperators::squeeze),
        Map.entry("Unsqueeze", ShapeOperators::unsqueeze),
        Map.entry("Transpose", ShapeOperators::transpose),
        Map.entry("Expand", ShapeOperators::expand),
        Map.entry("ConstantOfShape", ShapeOperators::constantOfShape),
        Map.entry("Range", ShapeOperators::range),
        Map.entry("EyeLike", ShapeOperators::eyeLike));
  }

  private static Constant shape(ConstantCall call) {
    int[] extents = call.input(0).extents();
    return part(call.attributes(), Arrays.stream(extents).asLongStream().toArray());
  }

  /**
   * The extents from {@code start} to {@code end}, both of which may count from the end.
   *
   * @param attributes of a Shape node
   */
  static Constant part(OnnxAttributes attributes, long[] extents) {
    int start = clamped(attributes.signed("start", 0), extents.length);
    int end = clamped(attributes.signed("end", Integer.MAX_VALUE), extents.length);
    return Constant.vector(Arrays.copyOfRange(extents, start, Math.max(start, end)));
  }

  private static int clamped(int index, int length) {
    return Math.max(0, Math.min(length, index < 0 ? index + length : index));
  }

  private static long[] size(ConstantCall call) {
    return new long[] {Constant.size(call.input(0).extents())};
  }

  /**
   * An extent of 0 is that of the input in the same place, if it does not mean 0; −1 what is left.
   */
  private static Constant reshape(ConstantCall call) {
    Constant x = call.input(0);
    boolean zeros = call.attributes().integer("allowzero", 0) != 0;
    long[] asked = call.integers("shape", 1).orElseThrow(() -> missing("a shape"));
    long[] target = asked.clone();
    long given = 1;
    int open = -1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == 0 && !zeros) {
        target[i] = x.extent(i);
      }
      if (target[i] == -1) {
        open = i;
      } else {
        given = Math.multiplyExact(given, target[i]);
      }
    }
    if (open >= 0) {
      target[open] = given == 0 ? 0 : x.size() / given;
    }
    return x.reshaped(ConstantCall.extents(target));
  }

  private static IllegalArgumentException missing(String what) {
    return new IllegalArgumentException("expected " + what + ", found none");
  }

  private static Constant flatten(ConstantCall call) {
    Constant x = call.input(0);
    int asked = call.attributes().signed("axis", 1);
    int axis = ConstantCall.axis(asked < 0 ? asked + x.rank() : asked, x.rank() + 1);
    int before = Constant.size(Arrays.copyOf(x.extents(), axis));
    int behind = Constant.size(Arrays.copyOfRange(x.extents(), axis, x.rank()));
    return x.reshaped(before, behind);
  }

  private static Constant squeeze(ConstantCall call) {
    Constant x = call.input(0);
    int[] axes =
        call.axes(1, x.rank())
            .orElseGet(
                () -> IntStream.range(0, x.rank()).filter(axis -> x.extent(axis) == 1).toArray());
    Set<Integer> gone = new HashSet<>(Arrays.stream(axes).boxed().toList());
    return x.reshaped(
        IntStream.range(0, x.rank()).filter(axis -> !gone.contains(axis)).map(x::extent).toArray());
  }

  private static Constant unsqueeze(ConstantCall call) {
    Constant x = call.input(0);
    long[] asked = call.integers("axes", 1).orElseThrow(() -> missing("axes"));
    int rank = x.rank() + asked.length;
    List<Integer> extents = new ArrayList<>(Arrays.stream(x.extents()).boxed().toList());
    Arrays.stream(asked)
        .mapToInt(axis -> ConstantCall.axis(axis, rank))
        .sorted()
        .forEach(axis -> extents.add(axis, 1));
    return x.reshaped(extents.stream().mapToInt(Integer::intValue).toArray());
  }

  private static Constant transpose(ConstantCall call) {
    Constant x = call.input(0);
    int rank = x.rank();
    int[] order =
        call.attributes()
            .integers("perm")
            .map(perm -> Arrays.stream(perm).mapToInt(axis -> (int) axis).toArray())
            .orElseGet(() -> IntStream.range(0, rank).map(axis -> rank - 1 - axis).toArray());
    return transposed(x, order);
  }

  /**
   * @param order for each axis of the result, which axis of {@code x} it is
   */
  static Constant transposed(Constant x, int... order) {
    boolean each =
        Arrays.equals(
            Arrays.stream(order).sorted().toArray(), IntStream.range(0, x.rank()).toArray());
    if (!each) {
      throw new IllegalArgumentException(
          "expected each of " + x.rank() + " axes once, found " + Arrays.toString(order));
    }
    int[] steps = x.steps();
    return x.viewed(
        Arrays.stream(order).map(x::extent).toArray(),
        Arrays.stream(order).map(axis -> steps[axis]).toArray(),
        0);
  }

  private static Constant expand(ConstantCall call) {
    Constant x = call.input(0);
    int[] asked = ConstantCall.extents(call.input(1).integers());
    Constant like = Constant.of(DataType.BOOL, asked, new long[0]);
    return x.broadcast(call.common(x, like));
  }

  private static Constant constantOfShape(ConstantCall call) {
    int[] extents = ConstantCall.extents(call.input(0).integers());
    Constant value =
        call.tensor("value")
            .map(attribute -> new OnnxTensorReader(ExternalData.NONE).read(attribute.getT()))
            .orElse(Constant.of(DataType.FLOAT, new int[0], new float[1]));
    return value.reshaped().broadcast(extents);
  }

  private static Constant range(ConstantCall call) {
    Constant start = call.input(0);
    Constant step = call.input(2);
    double count = Math.ceil((call.input(1).number(0) - start.number(0)) / step.number(0));
    if (Double.isNaN(count)) {
      throw new IllegalArgumentException("expected a step that is not 0");
    }
    int[] extents = {(int) Math.max(0, Math.min(Integer.MAX_VALUE, count))};
    return start.isFloating()
        ? Constant.floating(start.type(), extents, i -> start.number(0) + i * step.number(0))
        : Constant.integral(start.type(), extents, i -> start.integer(0) + i * step.integer(0));
  }

  private static Constant eyeLike(ConstantCall call) {
    Constant like = call.input(0);
    DataType type = call.type("dtype", like.type());
    int diagonal = call.attributes().signed("k", 0);
    int columns = like.extent(1);
    return ElementTypes.isFloating(type)
        ? Constant.floating(
            type, like.extents(), i -> i % columns == i / columns + diagonal ? 1 : 0)
        : Constant.integral(
            type, like.extents(), i -> i % columns == i / columns + diagonal ? 1 : 0);
  }
}
