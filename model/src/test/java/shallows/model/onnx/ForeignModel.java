package shallows.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Random;

/** Models as other tools write them, message by message: the value of x is (batch, 2, 6, 6). */
final class ForeignModel {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("torch_jit");
  private final Random random = new Random(3);
  private String last = "x";

  ForeignModel() {
    graph.addInput(value("x", 1, 2, 6, 6));
  }

  static ValueInfoProto value(String name, long... dimensions) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    var type = value.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    for (long dimension : dimensions) {
      type.getShapeBuilder().addDimBuilder().setDimValue(dimension);
    }
    return value.build();
  }

  /** The graph, for what the methods here do not say. */
  GraphProto.Builder graph() {
    return graph;
  }

  /** The value of the node that was added last. */
  String last() {
    return last;
  }

  /** A node in the style of PyTorch's exporter that reads {@code inputs}. */
  NodeProto.Builder node(String operator, String name, String... inputs) {
    last = name + "_output_0";
    return graph
        .addNodeBuilder()
        .setOpType(operator)
        .setName(name)
        .addAllInput(List.of(inputs))
        .addOutput(last);
  }

  /** A tensor of noise in float_data. */
  String noise(String name, long... dimensions) {
    TensorProto.Builder tensor = graph.addInitializerBuilder().setName(name).setDataType(1);
    int size = 1;
    for (long dimension : dimensions) {
      tensor.addDims(dimension);
      size *= (int) dimension;
    }
    for (int i = 0; i < size; i++) {
      tensor.addFloatData(random.nextFloat() + 0.1f);
    }
    return name;
  }

  /** The value of a Constant node; the node that was added last stays that. */
  String constant(String name, TensorProto.Builder value) {
    graph
        .addNodeBuilder()
        .setOpType("Constant")
        .setName(name)
        .addOutput(name + "_output_0")
        .addAttributeBuilder()
        .setName("value")
        .setType(AttributeType.TENSOR)
        .setT(value);
    return name + "_output_0";
  }

  static AttributeProto integers(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  /** Makes the last value the output. */
  ModelProto.Builder model(int opset) {
    graph.clearOutput().addOutput(value(last, 1, 3));
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(7).setGraph(graph);
    model.addOpsetImportBuilder().setVersion(opset);
    return model;
  }

  byte[] bytes(int opset) {
    return model(opset).build().toByteArray();
  }
}
