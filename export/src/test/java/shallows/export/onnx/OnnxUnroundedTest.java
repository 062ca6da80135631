package shallows.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.onnx.read.StoredIntegers.Activation;

class OnnxUnroundedTest {
  private static ValueInfoProto value(String name) {
    ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
    var type = value.getTypeBuilder().getTensorTypeBuilder().setElemType(DataType.FLOAT_VALUE);
    type.getShapeBuilder().addDimBuilder().setDimValue(3);
    return value.build();
  }

  /** A value of half precision that is rounded. */
  private static byte[] halves() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("halves");
    graph.addInput(value("x")).addOutput(value("y"));
    graph
        .addInitializerBuilder()
        .setName("scale")
        .setDataType(DataType.FLOAT16_VALUE)
        .addInt32Data(0x2400);
    graph.addInitializerBuilder().setName("zero").setDataType(DataType.UINT8_VALUE).addInt32Data(0);
    graph.addNode(OnnxParts.node("Cast", "half", List.of("x"), OnnxParts.to(DataType.FLOAT16)));
    graph.addNode(OnnxParts.node("QuantizeLinear", "q", List.of("half", "scale", "zero")));
    graph.addNode(OnnxParts.node("DequantizeLinear", "d", List.of("q", "scale", "zero")));
    graph.addNode(OnnxParts.node("Cast", "y", List.of("d"), OnnxParts.to(DataType.FLOAT)));
    ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(9).setGraph(graph);
    model.addOpsetImportBuilder().setVersion(19);
    return model.build().toByteArray();
  }

  @Test
  void anActivationIsOfThePrecisionOfItsValue() throws OrtException {
    byte[] unrounded = OnnxUnrounded.of(halves(), "halves.onnx", Map.of("q", Activation.RELU6));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(unrounded);
        OnnxTensor x = OnnxTensor.createTensor(environment, new float[] {-1, 2.125f, 9});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      assertArrayEquals(new float[] {0, 2.125f, 6}, (float[]) result.get(0).getValue());
    }
  }

  @Test
  void nothingIsAddedThatNobodyReads() throws Exception {
    byte[] unrounded = OnnxUnrounded.of(halves(), "halves.onnx", Map.of("q", Activation.NONE));
    assertEquals(2, ModelProto.parseFrom(unrounded).getGraph().getInitializerCount());
  }

  @Test
  void whatIsRoundedInABranchIsRefused() {
    String line =
        assertThrows(
                BadInputException.class,
                () -> OnnxUnrounded.of(halves(), "if.onnx", Map.of("y/q", Activation.NONE)))
            .getMessage();
    assertTrue(line.startsWith("if.onnx") && line.contains("branches of an If"), line);
  }
}
