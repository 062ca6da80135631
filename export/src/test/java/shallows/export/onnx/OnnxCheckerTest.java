package shallows.export.onnx;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraphs;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.TestGraphs;
import shallows.model.network.Networks;
import shallows.model.onnx.write.OnnxWriter;

/** The ONNX project's own checker, with shape inference, on everything that we write. */
class OnnxCheckerTest {
  @TempDir Path folder;

  @BeforeEach
  void requireChecker() {
    try {
      Loader.load(onnx.class);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      // The first attempt to load the class fails with the one, all others with the other.
      abort("no ONNX checker for this platform: " + e.getMessage());
    }
  }

  static Stream<Graph> graphs() {
    Graph network = Networks.create("resnet-32-s2", Shape.of(1, 28, 28), Task.unnamed(10, 1), 1);
    return Stream.concat(
        OperationCases.all().stream(),
        Stream.of(
            TestGraphs.twoBlocks(),
            network,
            ExportPasses.all(network).withName(network.name() + ", folded")));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void acceptsWhatTheWriterWrites(Graph graph) {
    Path file = folder.resolve("model.onnx");
    OnnxWriter.write(graph, file);
    check(file);
  }

  @Test
  void acceptsFilesOfIntegers() {
    Path file = folder.resolve("int8.onnx");
    for (Graph graph : List.of(TestGraphs.twoBlocks(), OperationCases.all().get(0))) {
      Graph folded = ExportPasses.all(graph);
      QdqOnnxWriter.write(QuantizedGraphs.of(folded, OperationCases.input(folded, 1)), file);
      check(file);
    }
  }

  @Test
  void wouldRefuseAFileWithoutItsLastNode() throws Exception {
    Path file = folder.resolve("broken.onnx");
    byte[] bytes = OnnxWriter.bytes(TestGraphs.twoBlocks());
    var model = ai.onnx.proto.OnnxMl.ModelProto.parseFrom(bytes).toBuilder();
    var graph = model.getGraphBuilder();
    graph.removeNode(graph.getNodeCount() - 1);
    Files.write(file, model.build().toByteArray());
    assertThrows(RuntimeException.class, () -> check(file));
  }

  private static void check(Path file) {
    boolean fullCheck = true;
    boolean skipOpsetCheck = false;
    boolean checkCustomDomain = false;
    onnx.check_model(file.toString(), fullCheck, skipOpsetCheck, checkCustomDomain);
  }
}
