package shallows.export.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.onnx.OnnxMessage;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

/** Pieces of an ONNX file. */
final class OnnxParts {
  private OnnxParts() {}

  /** The file of a graph of floats, to be changed. */
  static ModelProto.Builder model(Graph graph) {
    return parsed(OnnxWriter.bytes(graph), graph.name()).toBuilder();
  }

  /**
   * @param where the file's name, for messages
   * @throws shallows.model.BadInputException when the bytes are no ONNX model
   */
  static ModelProto parsed(byte[] content, String where) {
    try {
      return OnnxMessage.of(content);
    } catch (IOException e) {
      throw OnnxReader.noModel(content, where, e);
    }
  }

  /**
   * @param littleEndian what is left of it; not to be written to from now on
   */
  static TensorProto constant(String name, DataType type, Shape shape, ByteBuffer littleEndian) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type.getNumber())
            .setRawData(UnsafeByteOperations.unsafeWrap(littleEndian));
    shape.dimensions().forEach(tensor::addDims);
    return tensor.build();
  }

  static NodeProto node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  /** What a Cast casts to. */
  static AttributeProto to(DataType type) {
    return integer("to", type.getNumber());
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static ByteBuffer littleEndian(float... values) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  /** Room for as many bytes. */
  static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
