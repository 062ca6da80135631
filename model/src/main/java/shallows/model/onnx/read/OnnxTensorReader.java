package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Reads tensors as ONNX stores them. What is read may come from anywhere, so a declared size is
 * compared with the bytes there are before anything of that size is made.
 */
final class OnnxTensorReader {
  private final ExternalData external;

  /**
   * @param external where tensors are that lie outside the model's file
   */
  OnnxTensorReader(ExternalData external) {
    this.external = external;
  }

  static boolean isInteger(TensorProto file) {
    return file.getDataType() == TensorProto.DataType.INT64.getNumber()
        || file.getDataType() == TensorProto.DataType.INT32.getNumber();
  }

  /**
   * The numbers of single, half or double precision, as floats.
   *
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  Tensor floats(TensorProto file) {
    Shape shape = shape(file);
    float[] values = new float[0];
    switch (type(file)) {
      case FLOAT -> {
        ByteBuffer raw = raw(file, shape, file.getFloatDataCount(), Float.BYTES);
        values = new float[shape.size()];
        if (raw != null) {
          raw.asFloatBuffer().get(values);
        } else {
          for (int i = 0; i < values.length; i++) {
            values[i] = file.getFloatData(i);
          }
        }
      }
      case FLOAT16 -> {
        ByteBuffer raw = raw(file, shape, file.getInt32DataCount(), Short.BYTES);
        values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = half(raw != null ? raw.getShort(2 * i) : (short) file.getInt32Data(i));
        }
      }
      case DOUBLE -> {
        ByteBuffer raw = raw(file, shape, file.getDoubleDataCount(), Double.BYTES);
        values = new float[shape.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (raw != null ? raw.getDouble(8 * i) : file.getDoubleData(i));
        }
      }
      default ->
          throw new IllegalArgumentException(
              "expected elements of type FLOAT, FLOAT16 or DOUBLE, found " + type(file));
    }
    return new Tensor(shape, values);
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

  /**
   * Integers of 64 or 32 bits, in one row.
   *
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  long[] integers(TensorProto file) {
    boolean wide = type(file) == TensorProto.DataType.INT64;
    if (!isInteger(file)) {
      throw new IllegalArgumentException(
          "expected elements of type INT64 or INT32, found " + type(file));
    }
    if (file.getDimsList().contains(0L)) {
      return new long[0];
    }
    Shape shape = shape(file);
    int listed = wide ? file.getInt64DataCount() : file.getInt32DataCount();
    ByteBuffer raw = raw(file, shape, listed, wide ? Long.BYTES : Integer.BYTES);
    long[] values = new long[shape.size()];
    for (int i = 0; i < values.length; i++) {
      if (wide) {
        values[i] = raw != null ? raw.getLong(8 * i) : file.getInt64Data(i);
      } else {
        values[i] = raw != null ? raw.getInt(4 * i) : file.getInt32Data(i);
      }
    }
    return values;
  }

  private static TensorProto.DataType type(TensorProto file) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(file.getDataType());
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
  private ByteBuffer raw(TensorProto file, Shape shape, int listed, int bytesEach) {
    long expected = shape.size() * (long) bytesEach;
    if (file.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return external.bytes(file, expected).order(ByteOrder.LITTLE_ENDIAN);
    }
    long found = file.hasRawData() ? file.getRawData().size() : listed * (long) bytesEach;
    if (found != expected) {
      throw new IllegalArgumentException(
          "expected " + expected + " bytes for shape " + shape + ", found " + found);
    }
    return file.hasRawData()
        ? file.getRawData().asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN)
        : null;
  }

  private static Shape shape(TensorProto file) {
    List<Integer> dimensions = new ArrayList<>();
    for (long dimension : file.getDimsList()) {
      if (dimension < 1 || dimension > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "expected dimensions from 1 to " + Integer.MAX_VALUE + ", found " + dimension);
      }
      dimensions.add((int) dimension);
    }
    return new Shape(dimensions);
  }
}
