package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import shallows.data.PixelOrder;
import shallows.export.BinaryNetworks;
import shallows.export.ExportFormat;
import shallows.export.onnx.QdqOnnxWriter;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.quantize.WeightScales;
import shallows.export.quantize.simulate.ExactArithmetic;
import shallows.export.quantize.simulate.IntegerArithmetic;
import shallows.export.quantize.simulate.SimulatedQuantization;
import shallows.export.quantize.simulate.TfliteArithmetic;
import shallows.export.quantize.simulate.XnnpackArithmetic;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.export.runtime.RuntimeClassifier;
import shallows.export.runtime.TfliteClassifier;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Tensor;

class RuntimeArithmeticTest {
  private static final int IMAGES = 3;

  @ParameterizedTest
  @EnumSource
  void aKnownOperationGivesTheVeryIntegers(ExportFormat format) {
    assumeKnown(format, false);
    int known = 0;
    for (Graph graph : QuantizedGraphs.operations()) {
      for (Int8Sums sums : Int8Sums.values()) {
        Tensor batch = OperationCases.input(graph, IMAGES);
        known += assertSame(format, false, QuantizedGraphs.of(graph, batch, sums), batch);
      }
    }
    // Of some seventy, each twice.
    assertTrue(known > 80, known + " known");
  }

  @Test
  void soDoesAConvolutionWhoseSignsAreUnpacked() {
    assumeKnown(ExportFormat.TFLITE, true);
    for (Graph graph : QuantizedGraphs.operations()) {
      Graph binary = BinaryNetworks.everywhere(graph);
      Tensor batch = OperationCases.input(binary, IMAGES);
      assertSame(ExportFormat.TFLITE, true, QuantizedGraphs.of(binary, batch), batch);
    }
  }

  @Test
  void theProbeTellsFixedPointFromFloats() {
    assertFalse(Arrays.deepEquals(probed(new TfliteArithmetic()), probed(new ExactArithmetic())));
    assertFalse(Arrays.deepEquals(probed(new TfliteArithmetic()), probed(new XnnpackArithmetic())));
  }

  @Test
  void curvesAreNotClaimedToBeKnown() {
    Graph gelu =
        QuantizedGraphs.operations().stream()
            .filter(graph -> graph.name().equals("Gelu"))
            .findFirst()
            .orElseThrow();
    QuantizedGraph quantized = QuantizedGraphs.of(gelu, OperationCases.input(gelu, IMAGES));
    for (ExportFormat format : ExportFormat.values()) {
      assertTrue(RuntimeArithmetic.simulation(format, false, quantized).isEmpty());
    }
  }

  private static void assumeKnown(ExportFormat format, boolean packed) {
    assumeTrue(
        RuntimeArithmetic.simulation(format, packed, ProbeNetwork.create(WeightScales.PER_CHANNEL))
            .isPresent(),
        "the arithmetic of " + format + " on this processor is not the known one");
  }

  private static float[][] probed(IntegerArithmetic arithmetic) {
    try (SimulatedQuantization simulation =
        new SimulatedQuantization(ProbeNetwork.create(WeightScales.PER_CHANNEL), arithmetic)) {
      return simulation.logits(ProbeNetwork.images(), ProbeNetwork.IMAGES);
    }
  }

  /** Returns 1 where the graph is known, else 0. */
  private static int assertSame(
      ExportFormat format, boolean packed, QuantizedGraph graph, Tensor batch) {
    Optional<SimulatedQuantization> known = RuntimeArithmetic.simulation(format, packed, graph);
    if (known.isEmpty()) {
      return 0;
    }
    try (SimulatedQuantization simulation = known.get();
        RuntimeClassifier runtime = open(format, packed, graph)) {
      float[] images = PixelOrder.channelsLast(batch.values(), IMAGES, batch.shape().dimension(1));
      float[][] expected = simulation.logits(images, IMAGES);
      float[][] found = runtime.logits(images, IMAGES);
      for (int i = 0; i < IMAGES; i++) {
        // Steps times scale, in floats: the same integers are the same floats, but for a last bit.
        float step = graph.outputStep();
        assertArrayEquals(expected[i], found[i], step / 100, format + " " + graph.graph().name());
      }
    }
    return 1;
  }

  private static RuntimeClassifier open(ExportFormat format, boolean packed, QuantizedGraph graph) {
    String name = graph.graph().name();
    TfliteOptions options = packed ? TfliteOptions.PACKED : TfliteOptions.STANDARD;
    return switch (format) {
      case ONNX -> OnnxRuntimeClassifier.open(QdqOnnxWriter.bytes(graph), name, 1);
      case TFLITE -> TfliteClassifier.open(TfliteWriter.bytes(graph, options), name, 1);
    };
  }
}
