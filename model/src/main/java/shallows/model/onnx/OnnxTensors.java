package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import shallows.model.graph.Tensor;

/** Tensors as an ONNX file has them: little-endian raw data. */
public final class OnnxTensors {
  private OnnxTensors() {}

  /** A float tensor. */
  public static TensorProto floats(String name, Tensor tensor) {
    ByteBuffer bytes = littleEndian(tensor.size() * (long) Float.BYTES);
    bytes.asFloatBuffer().put(tensor.values());
    TensorProto.Builder file =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(UnsafeByteOperations.unsafeWrap(bytes));
    tensor.shape().dimensions().forEach(file::addDims);
    return file.build();
  }

  /** An int64 vector. */
  public static TensorProto integers(String name, long[] values) {
    ByteBuffer bytes = littleEndian(values.length * (long) Long.BYTES);
    bytes.asLongBuffer().put(values);
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(TensorProto.DataType.INT64_VALUE)
        .addDims(values.length)
        .setRawData(UnsafeByteOperations.unsafeWrap(bytes))
        .build();
  }

  private static ByteBuffer littleEndian(long bytes) {
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a tensor in an ONNX file has less than 2 GB, found " + bytes + " bytes");
    }
    return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
