package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongBinaryOperator;
import shallows.model.graph.Tensor;

/** Computes what depends on no image: on constants, and on the extents of values. */
final class OnnxFolding {
  private final OnnxCall call;

  OnnxFolding(OnnxCall call) {
    this.call = call;
  }

  /** Whether nothing that the node reads depends on an image. */
  static boolean applies(OnnxCall call) {
    return call.operator().equals("Shape")
        || !call.inputs().isEmpty()
            && call.inputs().stream().noneMatch(name -> call.imported().flow(name).isPresent())
            && call.inputs().stream()
                .allMatch(
                    name ->
                        name.isEmpty()
                            || call.imported().hasIntegers(name)
                            || call.constants().contains(name));
  }

  void fold() {
    String operator = call.operator();
    if (operator.equals("Shape")) {
      extents();
    } else if (operator.equals("Identity")) {
      copy();
    } else if (operator.equals("Cast")) {
      cast();
    } else if (call.imported().hasIntegers(call.inputs().get(0))) {
      integers(operator);
    } else {
      new OnnxFloatFolding(call).fold();
    }
  }

  private void extents() {
    long[] all =
        call.isFlow(0)
            ? call.imported().extents(call.flow(0))
            : call.constants().dimensions(call.constant(0));
    int start = OnnxAxes.axis(call.attributes().signed("start", 0), all.length + 1);
    int end = Math.min(all.length, call.attributes().signed("end", Integer.MAX_VALUE));
    end = end < 0 ? end + all.length : end;
    call.imported().define(call.output(), Arrays.copyOfRange(all, start, Math.max(start, end)));
  }

  private void copy() {
    String name = call.inputs(1, 1).get(0);
    if (call.constants().contains(name)) {
      call.constants().alias(call.output(), name);
    } else {
      call.imported().define(call.output(), call.imported().integers(name));
    }
  }

  private void cast() {
    int to = call.attributes().integer("to", 0);
    String name = call.inputs(1, 1).get(0);
    boolean toInteger = to == DataType.INT64.getNumber() || to == DataType.INT32.getNumber();
    boolean isInteger = call.imported().hasIntegers(name);
    if (toInteger && isInteger) {
      copy();
    } else if (toInteger) {
      float[] values = call.constants().floats(name).values();
      long[] integers = new long[values.length];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = (long) values[i];
      }
      call.imported().define(call.output(), integers);
    } else if (!isFloat(to)) {
      throw new IllegalArgumentException("expected a cast to integers or floats, found " + to);
    } else if (isInteger) {
      long[] integers = call.imported().integers(name);
      float[] values = new float[integers.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = known(integers[i]);
      }
      call.constants().put(call.output(), Tensor.vector(values));
    } else {
      copy();
    }
  }

  static boolean isFloat(int type) {
    return type == DataType.FLOAT.getNumber()
        || type == DataType.FLOAT16.getNumber()
        || type == DataType.DOUBLE.getNumber();
  }

  private static long known(long value) {
    if (value == OnnxImport.BATCH) {
      throw new IllegalArgumentException("expected no arithmetic with the number of images");
    }
    return value;
  }

  private void integers(String operator) {
    long[] first = call.imported().integers(call.inputs().get(0));
    long[] result =
        switch (operator) {
          case "Unsqueeze", "Squeeze", "Reshape", "Flatten" -> reshaped(first);
          case "Gather" -> gathered(first);
          case "Concat" -> concatenated();
          case "Slice" -> sliced(first);
          case "Add" -> combined(Math::addExact);
          case "Sub" -> combined(Math::subtractExact);
          case "Mul" -> combined(Math::multiplyExact);
          case "Div" -> combined(OnnxFolding::quotient);
          default -> throw new IllegalArgumentException("unknown operation on constant integers");
        };
    call.imported().define(call.output(), result);
  }

  private long[] reshaped(long[] values) {
    call.attributes().take("axes", AttributeType.INTS);
    return values;
  }

  private static long quotient(long first, long second) {
    if (second == 0) {
      throw new IllegalArgumentException("expected a divisor that is not 0");
    }
    return first / second;
  }

  private long[] gathered(long[] values) {
    call.attributes().signed("axis", 0);
    long[] indices = call.integers(1);
    long[] result = new long[indices.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = values[OnnxAxes.axis(indices[i], values.length)];
    }
    return result;
  }

  private long[] concatenated() {
    call.attributes().signed("axis", 0);
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < call.inputs().size(); i++) {
      for (long value : call.integers(i)) {
        all.add(value);
      }
    }
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  private long[] sliced(long[] values) {
    long[] starts = call.has(1) ? call.integers(1) : attribute("starts");
    long[] ends = call.has(2) ? call.integers(2) : attribute("ends");
    call.attributes().take("axes", AttributeType.INTS);
    boolean steps = call.has(4) && call.integers(4)[0] != 1;
    if (starts.length != 1 || ends.length != 1 || steps) {
      throw new IllegalArgumentException("expected a slice of a vector with step 1");
    }
    int from = clamped(starts[0], values.length);
    return Arrays.copyOfRange(values, from, Math.max(from, clamped(ends[0], values.length)));
  }

  private long[] attribute(String name) {
    return call.attributes().integers(name).orElse(new long[0]);
  }

  private static int clamped(long index, int length) {
    return (int) Math.max(0, Math.min(length, index < 0 ? index + length : index));
  }

  private long[] combined(LongBinaryOperator operator) {
    long[] first = call.integers(0);
    long[] second = call.integers(1);
    int length = Math.max(first.length, second.length);
    requireBroadcast(first.length, second.length);
    long[] result = new long[length];
    try {
      for (int i = 0; i < length; i++) {
        result[i] =
            operator.applyAsLong(
                known(first[first.length == 1 ? 0 : i]), known(second[second.length == 1 ? 0 : i]));
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("expected integers below 2^63", e);
    }
    return result;
  }

  private static void requireBroadcast(int first, int second) {
    if (first != second && first != 1 && second != 1) {
      throw new IllegalArgumentException(
          "expected constants of one shape, or one number, found " + first + " and " + second);
    }
  }
}
