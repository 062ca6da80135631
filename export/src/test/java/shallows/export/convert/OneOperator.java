package shallows.export.convert;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import shallows.export.ExportFormat;
import shallows.model.graph.Shape;

/** A file of one operator on an image and of constants, and a Flatten behind it. */
final class OneOperator {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("one");
  private NodeProto.Builder node;
  private final Random random;

  /**
   * @param image {@code (C, H, W)}
   */
  OneOperator(String operator, Shape image, long seed) {
    random = new Random(seed);
    graph.addInput(value("x", 1, image.dimension(0), image.dimension(1), image.dimension(2)));
    node = graph.addNodeBuilder().setOpType(operator).setName("node").addInput("x").addOutput("y");
  }

  OneOperator with(String attribute, long... integers) {
    AttributeProto.Builder all = attribute(attribute, AttributeType.INTS);
    for (long each : integers) {
      all.addInts(each);
    }
    return this;
  }

  OneOperator with(String attribute, String text) {
    attribute(attribute, AttributeType.STRING).setS(ByteString.copyFromUtf8(text));
    return this;
  }

  OneOperator withInteger(String attribute, long integer) {
    attribute(attribute, AttributeType.INT).setI(integer);
    return this;
  }

  OneOperator withNumber(String attribute, float number) {
    attribute(attribute, AttributeType.FLOAT).setF(number);
    return this;
  }

  private AttributeProto.Builder attribute(String name, AttributeType type) {
    return node.addAttributeBuilder().setName(name).setType(type);
  }

  /** The image in the place of rows of numbers, {@code (1, C, H·W)}. */
  OneOperator ofTokens() {
    String shape = "shape";
    graph
        .addInitializerBuilder()
        .setName(shape)
        .setDataType(7)
        .addDims(3)
        .addInt64Data(0)
        .addInt64Data(0)
        .addInt64Data(-1);
    graph.addNode(
        0,
        NodeProto.newBuilder()
            .setOpType("Reshape")
            .setName("tokens")
            .addInput("x")
            .addInput(shape)
            .addOutput("tokens"));
    node = graph.getNodeBuilder(1).setInput(0, "tokens");
    return this;
  }

  /** What goes in first, once more. */
  OneOperator again() {
    node.addInput(node.getInput(0));
    return this;
  }

  /** An optional input that is not there. */
  OneOperator without() {
    node.addInput("");
    return this;
  }

  OneOperator floats(List<Float> values) {
    input().setDataType(1).addDims(values.size()).addAllFloatData(values);
    return this;
  }

  OneOperator integers(List<Long> values) {
    input().setDataType(7).addDims(values.size()).addAllInt64Data(values);
    return this;
  }

  /** Uniform in [−1, 1]. */
  OneOperator noise(long... extents) {
    return noise(1f, extents);
  }

  /** Uniform in [−largest, largest]. */
  OneOperator noise(float largest, long... extents) {
    TensorProto.Builder tensor = input().setDataType(1);
    long size = 1;
    for (long extent : extents) {
      tensor.addDims(extent);
      size *= extent;
    }
    for (long i = 0; i < size; i++) {
      tensor.addFloatData(largest * (2 * random.nextFloat() - 1));
    }
    return this;
  }

  private TensorProto.Builder input() {
    String name = "constant" + graph.getInitializerCount();
    node.addInput(name);
    return graph.addInitializerBuilder().setName(name);
  }

  byte[] bytes(int opset) {
    GraphProto.Builder whole = graph.clone();
    whole.addNodeBuilder().setOpType("Flatten").setName("flat").addInput("y").addOutput("flat");
    whole.addOutput(value("flat", 1, -1));
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(10).setGraph(whole);
    model.addOpsetImportBuilder().setVersion(opset);
    return model.build().toByteArray();
  }

  /**
   * Read and compared with ONNX Runtime.
   *
   * @throws shallows.model.BadInputException when it is refused
   */
  Conversion assertComesOutTheSame(Path folder, int opset) throws IOException {
    Path file = Files.write(folder.resolve("one.onnx"), bytes(opset));
    Conversion conversion = Conversion.of(file, 1, 1);
    Agreement onnx = OnTheDisk.agreement(conversion, ExportFormat.ONNX, 1);
    Agreement tflite = OnTheDisk.agreement(conversion, ExportFormat.TFLITE, 1);
    assertTrue(onnx.holds(), () -> this + " as ONNX " + onnx.words("it"));
    assertTrue(tflite.holds(), () -> this + " as TFLite " + tflite.words("it"));
    return conversion;
  }

  @Override
  public String toString() {
    return node.getOpType() + " " + node.getAttributeList();
  }

  private static ValueInfoProto value(String name, long... extents) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    var type = value.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    for (long extent : extents) {
      var dimension = type.getShapeBuilder().addDimBuilder();
      if (extent > 0) {
        dimension.setDimValue(extent);
      } else {
        dimension.setDimParam("?");
      }
    }
    return value.build();
  }
}
