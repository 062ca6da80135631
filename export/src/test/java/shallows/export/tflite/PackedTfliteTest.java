package shallows.export.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import shallows.export.Agreement;
import shallows.export.BinaryNetworks;
import shallows.export.FlatOutput;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.runtime.TfliteClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;

class PackedTfliteTest {
  private static final Graph NETWORK =
      BinaryNetworks.of(ShakenNetworks.create("resnet-20", Shape.of(1, 28, 28)));

  @Test
  void aBinaryNetworkComputesTheSame() {
    assertAgrees(NETWORK);
    assertAgrees(ExportPasses.all(NETWORK));
  }

  @Test
  void everyOperationComputesTheSameWhereItIsBinary() {
    for (Graph graph : OperationCases.all()) {
      assertAgrees(FlatOutput.of(BinaryNetworks.everywhere(graph)));
    }
  }

  @Test
  void aBinarizedWeightTakesAtMost1Point1Bits() {
    Graph folded = ExportPasses.all(NETWORK);
    int floats = TfliteWriter.bytes(folded).length;
    int packed = TfliteWriter.bytes(folded, TfliteOptions.PACKED).length;
    long weights = BinaryNetworks.binaryWeights(folded);
    long others = floats - weights * Float.BYTES;
    // The table, which is there once, and operators and scales, whose number does not grow with the
    // weights, count apart.
    int operators = 18 * 1000;
    double bits = 8.0 * (packed - others - 256 * 8 - operators) / weights;
    assertTrue(bits <= 1.1, () -> bits + " bits a weight");
  }

  @Test
  void inAFileOfIntegersToo() {
    Graph folded = ExportPasses.all(NETWORK);
    QuantizedGraph quantized = QuantizedGraphs.of(folded, OperationCases.input(folded, 1));
    int bytes = TfliteWriter.bytes(quantized, TfliteOptions.STANDARD).length;
    int packed = TfliteWriter.bytes(quantized, TfliteOptions.PACKED).length;
    long weights = BinaryNetworks.binaryWeights(folded);
    int operators = 18 * 1000;
    double bits = 8.0 * (packed - (bytes - weights) - 256 * 8 - operators) / weights;
    assertTrue(bits <= 1.1, () -> bits + " bits a weight");
  }

  @Test
  void withoutBinaryConvolutionsItIsTheOrdinaryFile() {
    Graph graph = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
    assertArrayEquals(TfliteWriter.bytes(graph), TfliteWriter.bytes(graph, TfliteOptions.PACKED));
  }

  private static void assertAgrees(Graph graph) {
    try (TfliteClassifier classifier =
        TfliteClassifier.open(TfliteWriter.bytes(graph, TfliteOptions.PACKED), graph.name(), 1)) {
      Agreement.assertAgrees(graph, OperationCases.input(graph, 2), classifier);
    }
  }
}
