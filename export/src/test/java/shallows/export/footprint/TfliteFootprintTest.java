package shallows.export.footprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import shallows.export.ExportPrecision;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Form;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.quantize.WeightScales;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

class TfliteFootprintTest {
  private static final Graph NETWORK = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));

  @Test
  void aFileOfIntegersIsAsLargeAsTheOneOfCalibratedScalesInEveryForm() {
    Graph folded = ExportPasses.all(NETWORK);
    for (Int8Sums sums : Int8Sums.values()) {
      for (WeightScales scales : WeightScales.values()) {
        byte[] file =
            TfliteWriter.bytes(
                QuantizedGraphs.of(folded, QuantizedGraphs.images(folded, 8), sums).with(scales),
                TfliteOptions.STANDARD);
        assertEquals(file.length, bytes(sums, scales), sums + " " + scales);
      }
    }
    long standard = bytes(Int8Sums.ADD, WeightScales.PER_CHANNEL);
    assertTrue(bytes(Int8Sums.CONVOLUTION, WeightScales.PER_CHANNEL) > standard);
    assertTrue(bytes(Int8Sums.ADD, WeightScales.PER_TENSOR) < standard);
  }

  private static long bytes(Int8Sums sums, WeightScales scales) {
    return TfliteFootprint.bytes(NETWORK, ExportPrecision.INT8, new Int8Form(sums, scales));
  }
}
