package shallows.export.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import shallows.export.Agreement;
import shallows.export.BinaryNetworks;
import shallows.export.FlatOutput;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.PackedBits;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.write.OnnxWriter;

class BinaryOnnxWriterTest {
  private static final Graph NETWORK =
      BinaryNetworks.of(ShakenNetworks.create("resnet-20", Shape.of(1, 28, 28)));

  @Test
  void aBinaryNetworkComputesTheSame() {
    assertAgrees(NETWORK);
    assertAgrees(ExportPasses.all(NETWORK));
  }

  @Test
  void weightsThatFillNoWholeByteAreCut() {
    for (Graph graph : OperationCases.all()) {
      assertAgrees(FlatOutput.of(BinaryNetworks.everywhere(graph)));
    }
  }

  @Test
  void aBinarizedWeightTakesAtMost1Point1Bits() {
    Graph folded = ExportPasses.all(NETWORK);
    int floats = OnnxWriter.bytes(folded).length;
    int packed = BinaryOnnxWriter.bytes(folded).length;
    long weights = BinaryNetworks.binaryWeights(folded);
    long others = floats - weights * Float.BYTES;
    // The table, which is there once, and nodes and scales, whose number does not grow with the
    // weights, count apart.
    int nodes = 18 * 600;
    double bits = 8.0 * (packed - others - 256 * 8 - nodes) / weights;
    assertTrue(bits <= 1.1, () -> bits + " bits a weight");
  }

  @Test
  void withoutBinaryConvolutionsItIsTheOrdinaryFile() {
    Graph graph = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));
    assertArrayEquals(OnnxWriter.bytes(graph), BinaryOnnxWriter.bytes(graph));
  }

  @Test
  void bitsAreUnpackedByTheTable() {
    PackedBits packed =
        PackedBits.of(
            new Tensor(Shape.of(2, 1, 1, 5), new float[] {-1, 2, 0, -3, 1, 1, 1, -1, 1, 1}));
    assertArrayEquals(new float[] {1.4f, 1}, packed.scales());
    byte[] table = PackedBits.table();
    float[] signs = {-1, 1, 1, -1, 1, 1, 1, -1, 1, 1};
    for (int i = 0; i < signs.length; i++) {
      int row = packed.bits()[i / 8] & 0xff;
      assertEquals(signs[i], table[row * 8 + i % 8]);
    }
  }

  private static void assertAgrees(Graph graph) {
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(BinaryOnnxWriter.bytes(graph), graph.name(), 1)) {
      Agreement.assertAgrees(graph, OperationCases.input(graph, 2), classifier);
    }
  }
}
