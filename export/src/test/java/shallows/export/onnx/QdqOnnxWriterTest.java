package shallows.export.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

class QdqOnnxWriterTest {
  static List<Graph> operations() {
    return QuantizedGraphs.operations();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void everyOperationMatchesTheSimulation(Graph graph) {
    assertMatches(graph);
  }

  @Test
  void wholeNetworksMatchTheSimulation() {
    assertMatchesWhole(
        ExportPasses.all(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28))));
    assertMatchesWhole(ExportPasses.all(ShakenNetworks.create("resnet-32", Shape.of(3, 17, 23))));
    assertMatchesWhole(
        ExportPasses.all(
            BinaryNetworks.of(ShakenNetworks.create("resnet-20-s2", Shape.of(1, 28, 28)))));
  }

  @Test
  void aWeightTakesOneByte() {
    Graph folded = ExportPasses.all(ShakenNetworks.create("resnet-32", Shape.of(3, 32, 32)));
    QuantizedGraph quantized = QuantizedGraphs.of(folded, OperationCases.input(folded, 1));
    double share = (double) QdqOnnxWriter.bytes(quantized).length / OnnxWriter.bytes(folded).length;
    // A quarter, and names and scales, which do not grow with the weights.
    assertTrue(share < 0.35, () -> "int8 takes " + share + " of fp32");
  }

  private static void assertMatches(Graph graph) {
    Tensor batch = OperationCases.input(graph, 3);
    QuantizedGraph quantized = QuantizedGraphs.of(graph, batch);
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(quantized), graph.name(), 1)) {
      QuantizedGraphs.assertMatches(quantized, batch, classifier);
    }
  }

  private static void assertMatchesWhole(Graph graph) {
    Tensor batch = QuantizedGraphs.images(graph, 40);
    QuantizedGraph quantized = QuantizedGraphs.of(graph, batch);
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(quantized), graph.name(), 1)) {
      QuantizedGraphs.assertMatchesWhole(quantized, batch, classifier, ExportFormat.ONNX);
    }
  }
}
