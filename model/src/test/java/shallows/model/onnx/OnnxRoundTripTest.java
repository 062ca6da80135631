package shallows.model.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;

class OnnxRoundTripTest {
  /** Floats whose shortest digits are hard to get back, and labels that JSON has to escape. */
  private static final Task TASK =
      new Task(
          List.of("T-shirt <\"top\">", "Stövel", "ブーツ"),
          List.of(0.1f + 0.2f, Float.MIN_VALUE),
          List.of(1f / 3, Float.MAX_VALUE));

  static Stream<Graph> graphs() {
    Graph blocks = TestGraphs.twoBlocks();
    return Stream.concat(
        OperationCases.all().stream(),
        Stream.of(
            blocks,
            binary(blocks, "block2/conv"),
            blocks.withTask(TASK).withMetadata("shallows.survival", "{\"steps\": 7}")));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void readsBackWhatItWrote(Graph graph) {
    Graph read = read(OnnxWriter.bytes(graph));

    assertEquals(graph.name(), read.name());
    assertEquals(graph.input(), read.input());
    assertEquals(graph.nodes(), read.nodes());
    assertEquals(graph.output(), read.output());
    assertEquals(graph.blocks(), read.blocks());
    assertEquals(graph.task(), read.task());
    assertEquals(graph.metadata(), read.metadata());
    assertEquals(
        new ArrayList<>(graph.parameters().keySet()), new ArrayList<>(read.parameters().keySet()));
    Tensor input = OperationCases.input(graph, 2);
    assertArrayEquals(
        Interpreter.run(graph, input).values(), Interpreter.run(read, input).values());
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void writesTheSameBytesAgain(Graph graph) {
    byte[] bytes = OnnxWriter.bytes(graph);

    assertArrayEquals(bytes, OnnxWriter.bytes(graph));
    assertArrayEquals(bytes, OnnxWriter.bytes(read(bytes)));
  }

  @Test
  void keepsEveryBitOfTheParameters() {
    Graph graph = TestGraphs.twoBlocks();
    Tensor bias = Tensor.vector(-0f, Float.MIN_VALUE, Float.NEGATIVE_INFINITY);
    Graph read = read(OnnxWriter.bytes(graph.withParameters(Map.of("classifier/bias", bias))));

    assertArrayEquals(bias.values(), read.parameter("classifier/bias").values());
    String weight = "block1/conv/weight";
    assertArrayEquals(graph.parameter(weight).values(), read.parameter(weight).values());
  }

  @Test
  void writesBinaryWeightsProjectedForRuntimesThatKnowNothingOfThem() {
    Graph graph = binary(TestGraphs.twoBlocks(), "block1/conv");
    Graph read = read(OnnxWriter.bytes(graph));

    assertEquals(Precision.BINARY, read.precision(read.blocks().get(0)));
    assertEquals(Precision.FLOAT, read.precision(read.blocks().get(1)));
    assertArrayEquals(
        BinaryWeights.project(graph.parameter("block1/conv/weight")).values(),
        read.parameter("block1/conv/weight").values());
  }

  @Test
  void describesEveryValueWithAnOpenBatchAxis() throws Exception {
    Graph graph = TestGraphs.twoBlocks();
    GraphProto file = ModelProto.parseFrom(OnnxWriter.bytes(graph)).getGraph();

    List<ValueInfoProto> values = new ArrayList<>(file.getInputList());
    values.addAll(file.getValueInfoList());
    values.addAll(file.getOutputList());
    assertEquals(graph.nodes().size() + 1, values.size());
    for (ValueInfoProto value : values) {
      var dimensions = new ArrayList<>(value.getType().getTensorType().getShape().getDimList());
      assertEquals("batch", dimensions.remove(0).getDimParam());
      assertEquals(
          graph.shape(value.getName()),
          new Shape(dimensions.stream().map(size -> (int) size.getDimValue()).toList()));
    }
  }

  @Test
  void movesAnAddedTensorOutOfTheWayOfANameThatIsTaken() {
    Operation relu = new Operation.Relu();
    List<Node> nodes =
        List.of(
            new Node("scale/factor", relu, List.of("x")),
            new Node("scale", new Operation.Scale(0.5f), List.of("scale/factor")));
    byte[] bytes = OnnxWriter.bytes(graph(nodes, "scale"));

    assertEquals(nodes, read(bytes).nodes());
    assertArrayEquals(bytes, OnnxWriter.bytes(read(bytes)));
  }

  @Test
  void refusesToWriteWhatAFileCannotHold() {
    Graph unnamed = graph(List.of(new Node("", new Operation.Relu(), List.of("x"))), "");
    assertThrows(IllegalArgumentException.class, () -> OnnxWriter.bytes(unnamed));

    Graph clash = TestGraphs.twoBlocks().withMetadata("shallows.blocks", "mine");
    assertThrows(IllegalArgumentException.class, () -> OnnxWriter.bytes(clash));
  }

  @Test
  void writesAFileThatReadsBack(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("new/model.onnx");
    OnnxWriter.write(TestGraphs.twoBlocks(), file);

    assertEquals(TestGraphs.twoBlocks().nodes(), OnnxReader.read(file).nodes());
    assertTrue(Files.size(file) < 10_000, "a few hundred weights and the names");
  }

  private static Graph read(byte[] bytes) {
    return OnnxReader.read(bytes, "model.onnx");
  }

  private static Graph graph(List<Node> nodes, String output) {
    Graph.Input input = new Graph.Input("x", Shape.of(1, 2, 2));
    return new Graph(
        "tiny", input, nodes, output, Map.of(), List.of(), Task.unnamed(4, 1), Map.of());
  }

  private static Graph binary(Graph graph, String convolution) {
    Operation.Conv2d conv = (Operation.Conv2d) graph.node(convolution).operation();
    return Rewrites.withOperations(
        graph, Map.of(convolution, conv.withPrecision(Precision.BINARY)));
  }
}
