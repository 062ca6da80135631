package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * A tensor of a file, of any element type and rank, with extents of 0 too. Numbers of single and
 * half precision are kept as floats, of double precision as doubles, integers and truth values as
 * longs. Arrays are shared, and nobody writes to them.
 */
public final class Constant {
  /** Of one computed value; a file may ask for any. */
  private static final long MOST_NUMBERS = 1L << 27;

  private final DataType type;
  private final int[] extents;

  /** float[], double[], long[], or a Tensor that is sourced. */
  private final Object held;

  private Constant(DataType type, int[] extents, Object numbers) {
    this.type = type;
    this.extents = extents;
    this.held = numbers;
  }

  /**
   * @param numbers {@code float[]} for single and half precision, {@code double[]} for double,
   *     {@code long[]} for all else; given away; or a {@link Tensor} of single precision
   */
  public static Constant of(DataType type, int[] extents, Object numbers) {
    return new Constant(type, extents.clone(), numbers);
  }

  public static Constant of(Tensor tensor) {
    int[] extents = tensor.shape().dimensions().stream().mapToInt(Integer::intValue).toArray();
    return new Constant(DataType.FLOAT, extents, tensor.isSourced() ? tensor : tensor.values());
  }

  /** A vector of 64-bit integers. */
  public static Constant vector(long... numbers) {
    return new Constant(DataType.INT64, new int[] {numbers.length}, numbers);
  }

  /** Of numbers that are computed in double precision and rounded to the type. */
  static Constant floating(DataType type, int[] extents, IntToDoubleFunction number) {
    int size = size(extents);
    if (type == DataType.DOUBLE) {
      double[] numbers = new double[size];
      Arrays.setAll(numbers, number);
      return new Constant(type, extents, numbers);
    }
    float[] numbers = new float[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = (float) number.applyAsDouble(i);
    }
    return new Constant(type, extents, numbers);
  }

  /** Of integers, which wrap around in the bits of their type, or of truth values. */
  static Constant integral(DataType type, int[] extents, IntToLongFunction number) {
    long[] numbers = new long[size(extents)];
    for (int i = 0; i < numbers.length; i++) {
      long value = number.applyAsLong(i);
      numbers[i] =
          switch (type) {
            case BOOL -> value != 0 ? 1 : 0;
            case INT8 -> (byte) value;
            case UINT8 -> value & 0xff;
            case INT16 -> (short) value;
            case UINT16 -> value & 0xffff;
            case INT32 -> (int) value;
            case UINT32 -> value & 0xffffffffL;
            default -> value;
          };
    }
    return new Constant(type, extents, numbers);
  }

  /**
   * @throws IllegalArgumentException when no network for images has so many numbers in one place
   */
  static int size(int[] extents) {
    long size = 1;
    for (int extent : extents) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "expected extents of at least 0, found " + Arrays.toString(extents));
      }
      size *= extent;
      if (size > MOST_NUMBERS) {
        throw new IllegalArgumentException(
            "expected a constant of at most "
                + MOST_NUMBERS
                + " numbers, found shape "
                + Arrays.toString(extents));
      }
    }
    return (int) size;
  }

  public DataType type() {
    return type;
  }

  public boolean isFloating() {
    return ElementTypes.isFloating(type);
  }

  public int rank() {
    return extents.length;
  }

  public int extent(int axis) {
    return extents[axis];
  }

  public int[] extents() {
    return extents.clone();
  }

  public int size() {
    return held instanceof Tensor tensor ? tensor.size() : Array.getLength(held);
  }

  /** float[], double[] or long[]. */
  private Object numbers() {
    return held instanceof Tensor tensor ? tensor.values() : held;
  }

  double number(int index) {
    Object numbers = numbers();
    return numbers instanceof float[] floats
        ? floats[index]
        : numbers instanceof double[] doubles ? doubles[index] : ((long[]) numbers)[index];
  }

  /** Of a number that is no integer, what is before the point. */
  long integer(int index) {
    return held instanceof long[] longs ? longs[index] : (long) number(index);
  }

  /** Integers or truth values, in one row; not to be written to. */
  public long[] integers() {
    if (!(held instanceof long[] longs)) {
      throw new IllegalArgumentException("expected integers, found elements of type " + type);
    }
    return longs;
  }

  /**
   * The numbers as a graph's parameters have them.
   *
   * @throws IllegalArgumentException when they are no numbers of single, half or double precision,
   *     or there are none
   */
  public Tensor tensor() {
    if (!isFloating()) {
      throw new IllegalArgumentException("expected numbers, found elements of type " + type);
    }
    if (held instanceof Tensor tensor) {
      return tensor.reshaped(Shape.of(extents));
    }
    float[] values = held instanceof float[] floats ? floats : new float[size()];
    for (int i = 0; values != held && i < values.length; i++) {
      values[i] = (float) number(i);
    }
    return new Tensor(Shape.of(extents), values);
  }

  /** The same numbers along other axes. */
  Constant reshaped(int... target) {
    if (size(target) != size()) {
      throw new IllegalArgumentException(
          "expected a shape of " + size() + " numbers, found " + Arrays.toString(target));
    }
    return new Constant(type, target, held);
  }

  /** The same numbers as elements of another type of the same kind. */
  Constant renamed(DataType other) {
    return new Constant(other, extents, held);
  }

  /**
   * @param from for each place of the result, whose number it is; −1 for {@code fill}
   */
  Constant picked(int[] target, double fill, IntUnaryOperator from) {
    int size = size(target);
    Object numbers = numbers();
    Object result = Numbers.like(numbers, size);
    for (int to = 0; to < size; to++) {
      int index = from.applyAsInt(to);
      if (index >= 0) {
        Numbers.copy(numbers, index, result, to);
      } else {
        Numbers.fill(result, to, fill);
      }
    }
    return new Constant(type, target, result);
  }

  /**
   * A part or another order of the numbers: number (i, j, …) is that at {@code offset + i·steps[0]
   * + j·steps[1] + …}.
   */
  Constant viewed(int[] target, int[] steps, int offset) {
    int size = size(target);
    Object numbers = numbers();
    Object result = Numbers.like(numbers, size);
    int[] index = new int[target.length];
    int from = offset;
    for (int to = 0; to < size; to++) {
      Numbers.copy(numbers, from, result, to);
      for (int axis = target.length - 1; axis >= 0; axis--) {
        index[axis]++;
        from += steps[axis];
        if (index[axis] < target[axis]) {
          break;
        }
        from -= steps[axis] * target[axis];
        index[axis] = 0;
      }
    }
    return new Constant(type, target, result);
  }

  /**
   * All of these, of one type, side by side.
   *
   * @param row how many numbers of the result lie between two of one constant's parts
   * @param inner how many numbers of a constant lie side by side for each extent along {@code axis}
   */
  Constant joined(List<Constant> all, int[] target, int row, int inner, int axis) {
    Object result = Numbers.like(numbers(), size(target));
    int at = 0;
    for (Constant each : all) {
      int width = each.extents[axis] * inner;
      Object numbers = each.numbers();
      for (int part = 0; width > 0 && part < each.size() / width; part++) {
        System.arraycopy(numbers, part * width, result, part * row + at, width);
      }
      at += width;
    }
    return new Constant(type, target, result);
  }

  /** How far two numbers are apart that are neighbours along each axis. */
  int[] steps() {
    int[] steps = new int[extents.length];
    int step = 1;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= extents[axis];
    }
    return steps;
  }

  /** Repeated along axes of extent 1, and along new ones in front, as in NumPy. */
  Constant broadcast(int... target) {
    if (Arrays.equals(target, extents)) {
      return this;
    }
    int[] steps = new int[target.length];
    int[] own = steps();
    int front = target.length - extents.length;
    for (int axis = 0; axis < extents.length; axis++) {
      boolean repeats = extents[axis] == 1;
      if (front < 0 || !repeats && extents[axis] != target[front + axis]) {
        throw new IllegalArgumentException(
            "expected shapes that broadcast, found "
                + Arrays.toString(extents)
                + " and "
                + Arrays.toString(target));
      }
      steps[front + axis] = repeats ? 0 : own[axis];
    }
    return viewed(target, steps, 0);
  }

  /** Equal type, extents and bits of the numbers. */
  public boolean isSameAs(Constant other) {
    return type == other.type
        && Arrays.equals(extents, other.extents)
        && Arrays.deepEquals(new Object[] {numbers()}, new Object[] {other.numbers()});
  }
}
