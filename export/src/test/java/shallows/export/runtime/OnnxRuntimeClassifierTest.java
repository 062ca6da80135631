package shallows.export.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.export.Agreement;
import shallows.export.FlatOutput;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.onnx.write.OnnxWriter;

class OnnxRuntimeClassifierTest {
  @TempDir Path folder;

  static Stream<Graph> operations() {
    return OperationCases.all().stream().map(FlatOutput::of);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationAgreesWithTheInterpreter(Graph graph) {
    assertAgrees(graph, 1, 3);
  }

  @Test
  void wholeNetworksAgreeFoldedAndNot() {
    for (Graph graph :
        new Graph[] {
          ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)),
          ShakenNetworks.create("resnet-32", Shape.of(3, 17, 23))
        }) {
      assertAgrees(graph, 3);
      assertAgrees(ExportPasses.all(graph), 3);
    }
  }

  @Test
  void saysWhatItIs() {
    Graph graph = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), "memory", 1)) {
      assertTrue(classifier.runtime().matches("ONNX Runtime \\d+\\.\\d+\\.\\d+"));
      assertEquals(Shape.of(1, 28, 28), classifier.image());
      assertEquals(10, classifier.classes());
      assertThrows(IllegalArgumentException.class, () -> classifier.logits(new float[3], 1));
    }
  }

  @Test
  void namesAFileThatIsMissingEmptyCutOrForeign() throws Exception {
    byte[] model = OnnxWriter.bytes(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    Path file = folder.resolve("network.onnx");
    assertNamed(file);
    for (byte[] content :
        new byte[][] {
          {}, "no model".getBytes(), Arrays.copyOf(model, model.length / 2), new byte[1000]
        }) {
      Files.write(file, content);
      assertNamed(file);
    }
    assertNamed(folder);
  }

  @Test
  void refusesAModelOfAnotherShape() {
    Graph image = OperationCases.all().get(0);
    BadInputException refused =
        assertThrows(
            BadInputException.class,
            () -> OnnxRuntimeClassifier.open(OnnxWriter.bytes(image), "image.onnx", 1));
    assertTrue(refused.getMessage().startsWith("image.onnx: expected "), refused.getMessage());
  }

  private static void assertNamed(Path file) {
    BadInputException refused =
        assertThrows(BadInputException.class, () -> OnnxRuntimeClassifier.open(file, 1));
    assertTrue(refused.getMessage().startsWith(file + ": expected "), refused.getMessage());
  }

  private static void assertAgrees(Graph graph, int... batches) {
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(OnnxWriter.bytes(graph), graph.name(), 1)) {
      for (int batch : batches) {
        Agreement.assertAgrees(graph, OperationCases.input(graph, batch), classifier);
      }
    }
  }
}
