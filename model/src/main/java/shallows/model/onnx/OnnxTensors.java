package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Tensors as ONNX stores them. What is read may come from anywhere, so a declared size is compared
 * with the bytes there are before anything of that size is made.
 */
final class OnnxTensors {
  private OnnxTensors() {}

  /** A float tensor; little-endian, as raw data always is. */
  static TensorProto floats(String name, Tensor tensor) {
    ByteBuffer bytes = littleEndian(tensor.size() * (long) Float.BYTES);
    bytes.asFloatBuffer().put(tensor.values());
    TensorProto.Builder file =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(bytes));
    tensor.shape().dimensions().forEach(file::addDims);
    return file.build();
  }

  /** An int64 vector. */
  static TensorProto integers(String name, long[] values) {
    ByteBuffer bytes = littleEndian(values.length * (long) Long.BYTES);
    bytes.asLongBuffer().put(values);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64_VALUE)
        .addDims(values.length)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /**
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  static Tensor floats(TensorProto file) {
    requireType(file, TensorProto.DataType.FLOAT);
    Shape shape = shape(file);
    boolean raw = file.hasRawData();
    requireCount(file, shape, file.getFloatDataCount(), Float.BYTES);
    float[] values = new float[shape.size()];
    if (raw) {
      file.getRawData()
          .asReadOnlyByteBuffer()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = file.getFloatData(i);
      }
    }
    return new Tensor(shape, values);
  }

  /**
   * @throws IllegalArgumentException saying what is wrong, without the tensor's name
   */
  static long[] integers(TensorProto file) {
    requireType(file, TensorProto.DataType.INT64);
    Shape shape = shape(file);
    boolean raw = file.hasRawData();
    requireCount(file, shape, file.getInt64DataCount(), Long.BYTES);
    long[] values = new long[shape.size()];
    if (raw) {
      file.getRawData()
          .asReadOnlyByteBuffer()
          .order(ByteOrder.LITTLE_ENDIAN)
          .asLongBuffer()
          .get(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = file.getInt64Data(i);
      }
    }
    return values;
  }

  private static void requireType(TensorProto file, TensorProto.DataType expected) {
    if (file.getDataType() != expected.getNumber()) {
      TensorProto.DataType found = TensorProto.DataType.forNumber(file.getDataType());
      throw new IllegalArgumentException(
          "expected elements of type "
              + expected
              + ", found "
              + (found == null ? "type " + file.getDataType() : found));
    }
    if (file.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      throw new IllegalArgumentException(
          "expected the values inside the model, found them in a file beside it");
    }
    if (file.hasSegment()) {
      throw new IllegalArgumentException("expected a whole tensor, found a segment of one");
    }
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

  private static void requireCount(TensorProto file, Shape shape, int listed, int bytesEach) {
    long expected = shape.size() * (long) bytesEach;
    long found = file.hasRawData() ? file.getRawData().size() : listed * (long) bytesEach;
    if (found != expected) {
      throw new IllegalArgumentException(
          "expected " + expected + " bytes for shape " + shape + ", found " + found);
    }
  }

  private static ByteBuffer littleEndian(long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a tensor in an ONNX file has less than 2 GB, found " + bytes + " bytes");
    }
    return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
