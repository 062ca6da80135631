package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class ForeignOnnxTest {
  private final ForeignModel foreign = new ForeignModel();

  /** A residual block as PyTorch's exporter writes it, then a classifier. */
  private ModelProto.Builder residual() {
    String weight = foreign.noise("layer1.conv.weight", 4, 2, 3, 3);
    foreign
        .node("Conv", "/layer1/Conv", "x", weight, "")
        .addAttribute(ForeignModel.integers("dilations", 1, 1))
        .addAttribute(ForeignModel.integer("group", 1))
        .addAttribute(ForeignModel.integers("kernel_shape", 3, 3))
        .addAttribute(ForeignModel.integers("pads", 1, 1, 1, 1))
        .addAttribute(ForeignModel.integers("strides", 2, 2));
    String[] norm = {
      foreign.last(),
      foreign.noise("norm.weight", 4),
      foreign.noise("norm.bias", 4),
      foreign.noise("norm.running_mean", 4),
      foreign.noise("norm.running_var", 4)
    };
    foreign
        .node("BatchNormalization", "/layer1/BatchNormalization", norm)
        .addAttribute(ForeignModel.number("momentum", 0.9f))
        .addAttribute(ForeignModel.integer("training_mode", 0));
    String half =
        foreign.constant(
            "/layer1/Constant", TensorProto.newBuilder().setDataType(1).addFloatData(0.5f));
    foreign.node("Mul", "/layer1/Mul", half, foreign.last());
    final String branch = foreign.last();
    foreign
        .node("AveragePool", "/layer1/AveragePool", "x")
        .addAttribute(ForeignModel.integers("kernel_shape", 1, 1))
        .addAttribute(ForeignModel.integers("strides", 2, 2));
    TensorProto.Builder pads = TensorProto.newBuilder().setDataType(7).addDims(8);
    pads.addAllInt64Data(List.of(0L, 1L, 0L, 0L, 0L, 1L, 0L, 0L));
    foreign.node("Pad", "/layer1/Pad", foreign.last(), foreign.constant("/layer1/Const_1", pads));
    foreign.node("Add", "/layer1/Add", branch, foreign.last());
    foreign.node("Relu", "/layer1/Relu", foreign.last());
    foreign.node("GlobalAveragePool", "/pool/GlobalAveragePool", foreign.last());
    foreign.node("Flatten", "/Flatten", foreign.last());
    foreign.node(
        "Gemm", "/fc/Gemm", foreign.last(), foreign.noise("fc", 4, 3), foreign.noise("fc.bias", 3));
    return foreign.model(13);
  }

  @Test
  void readsAResidualNetworkOfPyTorchsExporter() {
    Graph graph = read(residual());

    assertEquals(new Graph.Input("x", Shape.of(2, 6, 6)), graph.input());
    assertEquals("torch_jit", graph.name());
    assertEquals(List.of(), graph.blocks());
    assertEquals(Task.unnamed(3, 2), graph.task());
    assertEquals(
        new Operation.Conv2d(Extent.square(2), Extent.square(1), Extent.ONE, 1, Precision.FLOAT),
        graph.node("/layer1/Conv_output_0").operation());
    assertEquals(new Operation.Scale(0.5f), graph.node("/layer1/Mul_output_0").operation());
    assertEquals(
        new Operation.BatchNorm(1e-5f),
        graph.node("/layer1/BatchNormalization_output_0").operation());
    assertEquals(new Operation.PadChannels(1, 1), graph.node("/layer1/Pad_output_0").operation());
    assertEquals(2, Interpreter.run(graph, OperationCases.input(graph, 2)).shape().dimension(0));
  }

  @Test
  void turnsAMatrixThatGemmReadsUntransposed() throws Exception {
    ModelProto.Builder model = residual();
    TensorProto fc = initializer(model, "fc");
    Tensor turned = read(model).parameter("fc/transposed");

    assertEquals(Shape.of(3, 4), turned.shape());
    for (int output = 0; output < 3; output++) {
      for (int feature = 0; feature < 4; feature++) {
        assertEquals(fc.getFloatData(feature * 3 + output), turned.values()[output * 4 + feature]);
      }
    }
  }

  @Test
  void turnsAMatrixBesideATensorOfTheNameItWouldTake() {
    foreign.node("GlobalAveragePool", "/pool", "x");
    foreign.node("Flatten", "/Flatten", foreign.last());
    foreign.node("Gemm", "/Gemm", foreign.last(), foreign.noise("w", 2, 3), "w/transposed");
    foreign.noise("w/transposed", 3);
    Graph graph = read(foreign.model(17));
    assertEquals(Shape.of(3), graph.parameter("w/transposed").shape());
    assertEquals(Shape.of(3, 2), graph.parameter("w/transposed_").shape());
  }

  @Test
  void becomesAFileOfOurOwnThatComputesTheSame() {
    Graph graph = read(residual());
    Graph again = OnnxReader.read(OnnxWriter.bytes(graph), "ours.onnx");
    Tensor input = OperationCases.input(graph, 3);

    assertArrayEquals(
        Interpreter.run(graph, input).values(), Interpreter.run(again, input).values());
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 9, 10, 11, 14, 17, 19, 21, 23})
  void readsEachOpset(int opset) {
    residual();
    assertEquals(3, OnnxReader.read(foreign.bytes(opset), "foreign.onnx").classes());
  }

  @Test
  void readsPadsThatAreAnAttributeAsUntilOpset10() {
    foreign
        .node("Pad", "/Pad", "x")
        .addAttribute(ForeignModel.text("mode", "constant"))
        .addAttribute(ForeignModel.integers("pads", 0, 0, 0, 0, 0, 3, 0, 0))
        .addAttribute(ForeignModel.number("value", 0));

    assertEquals(
        new Operation.PadChannels(0, 3), read(foreign.model(9)).node("/Pad_output_0").operation());
  }

  @Test
  void takesInitializersThatAreListedAsInputsForParameters() {
    ModelProto.Builder model = residual();
    model.getGraphBuilder().addInput(ForeignModel.value("fc", 4, 3));
    assertEquals("x", read(model).input().name());
  }

  @Test
  void leavesOutTensorsThatNoNodeReads() {
    ModelProto.Builder model = residual();
    model.getGraphBuilder().addInitializerBuilder().setName("unused").setDataType(11).addDims(0);
    assertEquals(7, read(model).parameters().size());
  }

  @Test
  void leavesAnyBatchSizeOpen() {
    ModelProto.Builder model = residual();
    var axes = model.getGraphBuilder().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder();
    axes.getShapeBuilder().getDimBuilder(0).setDimParam("N");
    assertEquals(Shape.of(2, 6, 6), read(model).input().shape());
  }

  private static TensorProto initializer(ModelProto.Builder model, String name) {
    return model.getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Graph read(ModelProto.Builder model) {
    return OnnxReader.read(model.build().toByteArray(), "foreign.onnx");
  }
}
