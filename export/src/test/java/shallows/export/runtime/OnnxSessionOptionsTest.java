package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime does for precision ends the process at files of this kind. */
class OnnxSessionOptionsTest {
  @ParameterizedTest
  @ValueSource(strings = {"Conv", "ConvTranspose", "Gemm", "MatMul"})
  void weightsOfIntegersNeedNoZeroPoint(String operator) {
    boolean windows = operator.startsWith("Conv");
    GraphProto.Builder graph = GraphProto.newBuilder().setName("one layer");
    graph.addInput(value("image", 1, 1, 2));
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("bytes")
            .setDataType(DataType.INT8_VALUE)
            .addAllDims(windows ? List.of(1L, 1L, 1L, 2L) : List.of(2L, 2L))
            .setRawData(
                ByteString.copyFrom(windows ? new byte[] {3, 4} : new byte[] {3, 1, 4, 2})));
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName("scale")
            .setDataType(DataType.FLOAT_VALUE)
            .addFloatData(0.5f));
    graph.addNode(node("DequantizeLinear", "weight", "bytes", "scale"));
    if (windows) {
      graph.addNode(node(operator, "layer", "image", "weight"));
      graph.addNode(node("Flatten", "logits", "layer"));
    } else {
      graph.addNode(node("Flatten", "pixels", "image"));
      graph.addNode(node(operator, "logits", "pixels", "weight"));
    }
    graph.addOutput(
        value("logits", operator.equals("Conv") ? 1 : operator.equals("ConvTranspose") ? 3 : 2));
    byte[] model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph)
            .build()
            .toByteArray();
    try (OnnxRuntimeClassifier classifier = OnnxRuntimeClassifier.open(model, operator, 1)) {
      float[] logits = classifier.logits(new float[] {2, 6}, 1)[0];
      // Where it multiplies matrices by integers, it may round the values too.
      double expected = 0.5 * (operator.equals("ConvTranspose") ? 2 * 3 : 2 * 3 + 6 * 4);
      assertEquals(expected, logits[0], 0.05);
    }
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static ValueInfoProto value(String name, int... extents) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDimBuilder().setDimParam("batch");
    for (int extent : extents) {
      shape.addDimBuilder().setDimValue(extent);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(DataType.FLOAT_VALUE)
                        .setShape(shape)))
        .build();
  }
}
