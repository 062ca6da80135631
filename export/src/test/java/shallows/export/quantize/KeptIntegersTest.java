package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.convert.Agreement;
import shallows.export.convert.Conversion;
import shallows.export.convert.WrittenFile;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.pass.ExportPasses;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.ImportedNetwork;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.StoredIntegers;

/** The files come of {@code quantized_networks.py}, so of the quantizers that people use. */
class KeptIntegersTest {
  @TempDir private Path folder;

  private Conversion conversion(String name) throws IOException {
    Path file = folder.resolve(name + ".onnx");
    try (InputStream in =
        getClass().getResourceAsStream("/shallows/export/quantized/" + name + ".onnx")) {
      Files.write(file, in.readAllBytes());
    }
    return Conversion.of(file, 1, 1);
  }

  private static KeptIntegers.Kept kept(Conversion conversion) {
    return KeptIntegers.of(conversion.graph(), conversion.network().integers().orElseThrow());
  }

  private static void assertHolds(Agreement agreement) {
    assertTrue(agreement.holds(), agreement.words("the file"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch",
        "pytorch-one-scale",
        "relu-u8",
        "relu-u8-each",
        "relu-s8-each",
        "relu6-u8-each",
        "relu-u8u8",
        "relu-u16"
      })
  void isReadAsTheFloatsThatItStandsFor(String name) throws IOException {
    Conversion conversion = conversion(name);
    assertHolds(conversion.ofOnnx(conversion.onnx(), 1));
    assertHolds(conversion.ofTflite(conversion.tflite(), 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch",
        "pytorch-one-scale",
        "relu-u8",
        "relu-u8-each",
        "relu-s8-each",
        "relu6-u8-each"
      })
  void filesOfBothFormatsAnswerAsTheOriginalDoesInOnnxRuntime(String name) throws IOException {
    Conversion conversion = conversion(name);
    KeptIntegers.Kept kept = kept(conversion);
    float step = kept.graph().outputStep();
    assertEquals(5, kept.layers());
    assertEquals(0, kept.inFloats());
    byte[] tflite = TfliteWriter.bytes(kept.graph(), TfliteOptions.STANDARD);
    assertHolds(conversion.ofKept(WrittenFile.of(tflite, ExportFormat.TFLITE), step, 1));
    byte[] onnx = QdqOnnxWriter.bytes(kept.graph());
    assertHolds(conversion.ofKept(WrittenFile.of(onnx, ExportFormat.ONNX), step, 1));
  }

  @ParameterizedTest
  @CsvSource({
    "pytorch, PER_CHANNEL",
    "pytorch-one-scale, PER_TENSOR",
    "relu-u8, PER_TENSOR",
    "relu-u8-each, PER_CHANNEL"
  })
  void aWeightHasAsManyScalesAsInTheFile(String name, WeightScales scales) throws IOException {
    assertEquals(scales, kept(conversion(name)).graph().weightScales());
  }

  @Test
  void otherIntegersAreToldApart() throws IOException {
    Conversion conversion = conversion("relu-s8-each");
    KeptIntegers.Kept other = kept(conversion("relu6-u8-each"));
    byte[] tflite = TfliteWriter.bytes(other.graph(), TfliteOptions.STANDARD);
    float step = kept(conversion).graph().outputStep();
    assertFalse(conversion.ofKept(WrittenFile.of(tflite, ExportFormat.TFLITE), step, 1).holds());
  }

  /** PyTorch's observers go from −128 on. */
  @Test
  void weightsOfMinus128AreCounted() throws IOException {
    KeptIntegers.Kept kept = kept(conversion("pytorch"));
    assertTrue(kept.changed() > 0);
    for (Node node : kept.graph().graph().nodes()) {
      if (node.operation().weighs()) {
        for (byte value : kept.graph().weights(node).values()) {
          assertTrue(value >= -Byte.MAX_VALUE);
        }
      }
    }
    assertEquals(0, kept(conversion("relu-s8-each")).changed());
  }

  @ParameterizedTest
  @CsvSource({"relu-u8u8, have zero points", "relu-u16, has more than 8 bits"})
  void whatHasNoKernelIsSaid(String name, String found) throws IOException {
    Conversion conversion = conversion(name);
    String message =
        assertThrows(IllegalArgumentException.class, () -> kept(conversion)).getMessage();
    assertTrue(message.endsWith(found), message);
  }

  @ParameterizedTest
  @EnumSource
  void ourOwnFilesHaveTheirIntegersAgain(WeightScales scales) {
    Graph folded = ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    QuantizedGraph written =
        QuantizedGraphs.of(folded, OperationCases.input(folded, 4)).with(scales);
    ImportedNetwork read = OnnxReader.imported(QdqOnnxWriter.bytes(written), "own.onnx");
    KeptIntegers.Kept kept = KeptIntegers.of(read.graph(), read.integers().orElseThrow());
    assertEquals(scales, kept.graph().weightScales());
    assertEquals(written.quantizations(), kept.graph().quantizations());
    assertEquals(folded.blocks(), read.graph().blocks());
    for (Node node : written.graph().nodes()) {
      if (node.operation().weighs()) {
        QuantizedWeights expected = written.weights(node);
        QuantizedWeights found = kept.graph().weights(kept.graph().graph().node(node.name()));
        assertArrayEquals(expected.values(), found.values(), node.name());
        assertArrayEquals(expected.scales(), found.scales(), node.name());
        assertArrayEquals(expected.bias(), found.bias(), node.name());
      }
    }
  }

  /** As optimizers write them. */
  @Test
  void aDequantizeLinearForEachReaderIsReadAsOne() throws IOException {
    Graph folded = ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    QuantizedGraph written = QuantizedGraphs.of(folded, OperationCases.input(folded, 4));
    ModelProto.Builder file = ModelProto.parseFrom(QdqOnnxWriter.bytes(written)).toBuilder();
    Map<String, NodeProto> pairs = pairs(file);
    Set<String> read = new HashSet<>();
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : file.getGraph().getNodeList()) {
      NodeProto.Builder reader = node.toBuilder();
      for (int i = 0; i < node.getInputCount(); i++) {
        String value = node.getInput(i);
        if (pairs.containsKey(value) && !read.add(value)) {
          reader.setInput(i, value + "/again");
          nodes.add(pairs.get(value).toBuilder().setOutput(0, value + "/again").build());
        }
      }
      nodes.add(reader.build());
    }
    assertTrue(nodes.size() > file.getGraph().getNodeCount());
    file.getGraphBuilder().clearNode().addAllNode(nodes);
    ImportedNetwork again = OnnxReader.imported(file.build().toByteArray(), "own.onnx");
    assertEquals(folded.blocks(), again.graph().blocks());
    KeptIntegers.Kept kept = KeptIntegers.of(again.graph(), again.integers().orElseThrow());
    assertEquals(written.quantizations(), kept.graph().quantizations());
  }

  /** Each DequantizeLinear of a value, by its output. */
  private static Map<String, NodeProto> pairs(ModelProto.Builder file) {
    Set<String> integers = new HashSet<>();
    Map<String, NodeProto> pairs = new HashMap<>();
    for (NodeProto node : file.getGraph().getNodeList()) {
      if (node.getOpType().equals("QuantizeLinear")) {
        integers.add(node.getOutput(0));
      } else if (node.getOpType().equals("DequantizeLinear")
          && integers.contains(node.getInput(0))) {
        pairs.put(node.getOutput(0), node);
      }
    }
    return pairs;
  }

  @Test
  void aFileThatRoundsInAFunctionIsRead() throws IOException {
    conversion("relu6-u8-each");
    Path file = folder.resolve("relu6-u8-each.onnx");
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    Map<String, NodeProto> pairs = pairs(model);
    Map<String, String> outputs = new HashMap<>();
    pairs.values().forEach(pair -> outputs.put(pair.getInput(0), pair.getOutput(0)));
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (node.getOpType().equals("QuantizeLinear")) {
        String output = outputs.get(node.getOutput(0));
        nodes.add(
            node.toBuilder().setOpType("Round").setDomain("own").setOutput(0, output).build());
      } else if (!pairs.containsKey(node.getOutput(0))) {
        nodes.add(node);
      }
    }
    FunctionProto.Builder function = model.addFunctionsBuilder().setName("Round").setDomain("own");
    function.addAllInput(List.of("x", "scale", "zero")).addOutput("y");
    function.addAllOpsetImport(model.getOpsetImportList());
    List<String> steps = List.of("scale", "zero");
    function
        .addNodeBuilder()
        .setOpType("QuantizeLinear")
        .addInput("x")
        .addAllInput(steps)
        .addOutput("q");
    function
        .addNodeBuilder()
        .setOpType("DequantizeLinear")
        .addInput("q")
        .addAllInput(steps)
        .addOutput("y");
    model.addOpsetImportBuilder().setDomain("own").setVersion(1);
    model.setIrVersion(Math.max(8, model.getIrVersion()));
    model.getGraphBuilder().clearNode().addAllNode(nodes).clearValueInfo();
    Files.write(file, model.build().toByteArray());
    Conversion conversion = Conversion.of(file, 1, 1);
    assertEquals(5, kept(conversion).layers());
    assertHolds(conversion.ofOnnx(conversion.onnx(), 1));
  }

  @Test
  void aValueThatIsReadTwiceIsRescaledOnce() {
    Graph.Input input = new Graph.Input("x", Shape.of(2, 4, 4));
    List<Node> nodes =
        List.of(
            new Node("joined", new Operation.Concat(), List.of("x", "x")),
            new Node("flat", new Operation.Flatten(), List.of("joined")),
            new Node("layer", new Operation.Linear(), List.of("flat", "w", "b")));
    Map<String, Tensor> parameters =
        Map.of("w", new Tensor(Shape.of(3, 64), new float[192]), "b", Tensor.vector(new float[3]));
    Graph graph =
        new Graph(
            "twice", input, nodes, "layer", parameters, List.of(), Task.unnamed(3, 2), Map.of());
    FakeQuantization.Levels fine = new FakeQuantization.Levels(0.25f, -128, 127);
    StoredIntegers stored =
        new StoredIntegers(
            Map.of(
                "x", new FakeQuantization.Levels(0.5f, -128, 127), "joined", fine, "layer", fine),
            Map.of("layer", new StoredIntegers.Weights(new float[] {1}, true)),
            Map.of());
    List<Node> kept = KeptIntegers.of(graph, stored).graph().graph().nodes();
    assertEquals(4, kept.size(), kept.toString());
    assertEquals(List.of(kept.get(0).name(), kept.get(0).name()), kept.get(1).inputs());
  }
}
