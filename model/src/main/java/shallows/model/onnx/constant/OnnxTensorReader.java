package shallows.model.onnx.constant;

import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Reads tensors as ONNX stores them. What is read may come from anywhere, so a declared size is
 * compared with the bytes there are before anything of that size is made.
 */
public final class OnnxTensorReader {
  private final ExternalData external;

  /**
   * @param external where tensors are that lie outside the model's file
   */
  public OnnxTensorReader(ExternalData external) {
    this.external = external;
  }

  /** Whether the tensor holds integers that may count or name axes. */
  public static boolean isInteger(TensorProto file) {
    return file.getDataType() == DataType.INT64_VALUE || file.getDataType() == DataType.INT32_VALUE;
  }

  /**
   * A tensor of any element type but text and complex numbers.
   *
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  public Constant read(TensorProto file) {
    DataType type = type(file);
    int[] extents = extents(file.getDimsList());
    if (Arrays.stream(extents).anyMatch(extent -> extent == 0)) {
      return empty(type, extents);
    }
    Object numbers =
        switch (type) {
          case FLOAT -> isOutside(file) ? outside(file, extents) : floats(file, extents);
          case FLOAT16, BFLOAT16 -> halves(file, extents, type);
          case DOUBLE -> doubles(file, extents);
          case INT64, UINT64, INT32, UINT32, INT16, UINT16, INT8, UINT8, BOOL, INT4, UINT4 ->
              integers(file, extents, type);
          default ->
              throw new IllegalArgumentException(
                  "expected elements of type FLOAT, FLOAT16 or DOUBLE, found " + type);
        };
    return Constant.of(type, extents, numbers);
  }

  /** Zeros, but for the values at the indices that are given. */
  public Constant read(SparseTensorProto file) {
    Constant values = read(file.getValues());
    Constant indices = read(file.getIndices());
    int[] extents = extents(file.getDimsList());
    int size = Constant.size(extents);
    boolean flat = indices.rank() == 1;
    if (values.rank() != 1
        || indices.rank() > 2
        || indices.rank() == 0
        || indices.extent(0) != values.size()
        || !flat && indices.extent(1) != extents.length) {
      throw new IllegalArgumentException("expected an index for each value of a sparse constant");
    }
    long[] at = indices.integers();
    int[] steps = Constant.of(DataType.BOOL, extents, new long[0]).steps();
    int[] source = new int[size];
    Arrays.fill(source, -1);
    for (int i = 0; i < values.size(); i++) {
      long place = 0;
      if (flat) {
        place = at[i];
      } else {
        for (int axis = 0; axis < extents.length; axis++) {
          place += ConstantCall.axis(at[i * extents.length + axis], extents[axis]) * steps[axis];
        }
      }
      source[ConstantCall.axis(place, size)] = i;
    }
    return values.picked(extents, 0, to -> source[to]);
  }

  private static Constant empty(DataType type, int[] extents) {
    return ElementTypes.isFloating(type)
        ? Constant.floating(type, extents, i -> 0)
        : Constant.integral(type, extents, i -> 0);
  }

  private static boolean isOutside(TensorProto file) {
    return file.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  /** Numbers, or a tensor that is read when it is used. */
  private Object outside(TensorProto file, int[] extents) {
    int size = size(extents);
    return external.stays(size * (long) Float.BYTES)
        ? Tensor.of(Shape.of(extents), external.source(file, size))
        : external.floats(file, size);
  }

  private float[] floats(TensorProto file, int[] extents) {
    ByteBuffer raw = raw(file, extents, file.getFloatDataCount(), Float.BYTES);
    float[] values = new float[size(extents)];
    if (raw != null) {
      raw.asFloatBuffer().get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = file.getFloatData(i);
      }
    }
    return values;
  }

  private float[] halves(TensorProto file, int[] extents, DataType type) {
    ByteBuffer raw = raw(file, extents, file.getInt32DataCount(), Short.BYTES);
    float[] values = new float[size(extents)];
    for (int i = 0; i < values.length; i++) {
      short bits = raw != null ? raw.getShort(2 * i) : (short) file.getInt32Data(i);
      values[i] = type == DataType.FLOAT16 ? half(bits) : Float.intBitsToFloat(bits << 16);
    }
    return values;
  }

  private double[] doubles(TensorProto file, int[] extents) {
    ByteBuffer raw = raw(file, extents, file.getDoubleDataCount(), Double.BYTES);
    double[] values = new double[size(extents)];
    for (int i = 0; i < values.length; i++) {
      values[i] = raw != null ? raw.getDouble(8 * i) : file.getDoubleData(i);
    }
    return values;
  }

  /** A number of half precision: 1 bit of sign, 5 of exponent, 10 of fraction (IEEE 754). */
  private static float half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude;
    if (exponent == 0) {
      magnitude = fraction * 0x1p-24f;
    } else if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      magnitude = (0x400 | fraction) * (float) Math.scalb(1.0, exponent - 25);
    }
    return bits < 0 ? -magnitude : magnitude;
  }

  private long[] integers(TensorProto file, int[] extents, DataType type) {
    int bits =
        switch (type) {
          case INT64, UINT64 -> 64;
          case INT32, UINT32 -> 32;
          case INT16, UINT16 -> 16;
          case INT4, UINT4 -> 4;
          default -> 8;
        };
    int listed =
        switch (type) {
          case INT64 -> file.getInt64DataCount();
          case UINT64, UINT32 -> file.getUint64DataCount();
          default -> file.getInt32DataCount();
        };
    long[] values = new long[size(extents)];
    if (bits == 4) {
      // Two in a byte, the first in the lower half.
      int bytes = (values.length + 1) / 2;
      ByteBuffer raw = raw(file, new int[] {bytes}, listed, 1);
      for (int i = 0; i < values.length; i++) {
        int pair = raw != null ? raw.get(i / 2) : file.getInt32Data(i / 2);
        int nibble = pair >> 4 * (i % 2) & 0xf;
        values[i] = type == DataType.INT4 && nibble > 7 ? nibble - 16 : nibble;
      }
      return values;
    }
    ByteBuffer raw = raw(file, extents, listed, bits / 8);
    for (int i = 0; i < values.length; i++) {
      values[i] = raw != null ? integer(raw, i, type) : listed(file, i, type);
    }
    return values;
  }

  private static long integer(ByteBuffer raw, int index, DataType type) {
    return switch (type) {
      case INT64, UINT64 -> raw.getLong(8 * index);
      case INT32 -> raw.getInt(4 * index);
      case UINT32 -> raw.getInt(4 * index) & 0xffffffffL;
      case INT16 -> raw.getShort(2 * index);
      case UINT16 -> raw.getShort(2 * index) & 0xffff;
      case INT8 -> raw.get(index);
      default -> raw.get(index) & 0xff;
    };
  }

  private static long listed(TensorProto file, int index, DataType type) {
    return switch (type) {
      case INT64 -> file.getInt64Data(index);
      case UINT64, UINT32 -> file.getUint64Data(index);
      default -> file.getInt32Data(index);
    };
  }

  private static DataType type(TensorProto file) {
    DataType type = DataType.forNumber(file.getDataType());
    if (type == null) {
      throw new IllegalArgumentException(
          "expected elements of a known type, found type " + file.getDataType());
    }
    if (file.hasSegment()) {
      throw new IllegalArgumentException("expected a whole tensor, found a segment of one");
    }
    return type;
  }

  /**
   * The bytes of the tensor, or null where its numbers are listed; of the size that the shape asks
   * for either way.
   */
  private ByteBuffer raw(TensorProto file, int[] extents, int listed, int bytesEach) {
    long expected = size(extents) * (long) bytesEach;
    if (isOutside(file)) {
      return external.bytes(file, expected).order(ByteOrder.LITTLE_ENDIAN);
    }
    long found = file.hasRawData() ? file.getRawData().size() : listed * (long) bytesEach;
    if (found != expected) {
      throw new IllegalArgumentException(
          "expected "
              + expected
              + " bytes for shape "
              + Arrays.toString(extents)
              + ", found "
              + found);
    }
    return file.hasRawData()
        ? file.getRawData().asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN)
        : null;
  }

  /** Other than of what is computed, there are bytes for it, so it may be as large as they are. */
  private static int size(int[] extents) {
    long size = 1;
    for (int extent : extents) {
      size *= extent;
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "a tensor of shape " + Arrays.toString(extents) + " is too large");
      }
    }
    return (int) size;
  }

  private static int[] extents(List<Long> dimensions) {
    for (long dimension : dimensions) {
      if (dimension < 0 || dimension > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "expected dimensions from 0 to " + Integer.MAX_VALUE + ", found " + dimension);
      }
    }
    return dimensions.stream().mapToInt(Long::intValue).toArray();
  }
}
