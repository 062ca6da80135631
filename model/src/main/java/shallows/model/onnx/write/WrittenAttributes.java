package shallows.model.onnx.write;

import ai.onnx.proto.OnnxMl.AttributeProto;
import com.google.protobuf.ByteString;
import shallows.model.graph.Extent;

/** Attributes of a node as an ONNX file has them. */
final class WrittenAttributes {
  private WrittenAttributes() {}

  static AttributeProto extent(String name, Extent extent) {
    return integers(name, extent.height(), extent.width());
  }

  /** As much on the top and the left, which ONNX names first, as on the bottom and the right. */
  static AttributeProto pads(Extent padding) {
    int height = padding.height();
    int width = padding.width();
    return integers("pads", height, width, height, width);
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }
}
