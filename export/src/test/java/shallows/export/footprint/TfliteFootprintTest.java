package shallows.export.footprint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import shallows.export.ExportPrecision;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraphs;
import shallows.export.tflite.TfliteOptions;
import shallows.export.tflite.TfliteWriter;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;

class TfliteFootprintTest {
  private static final Graph NETWORK = ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28));

  @Test
  void aFileOfIntegersIsAsLargeAsTheOneOfCalibratedScalesInEitherFormOfSums() {
    Graph folded = ExportPasses.all(NETWORK);
    for (Int8Sums sums : Int8Sums.values()) {
      byte[] file =
          TfliteWriter.bytes(
              QuantizedGraphs.of(folded, QuantizedGraphs.images(folded, 8), sums),
              TfliteOptions.STANDARD);
      assertEquals(
          file.length, TfliteFootprint.bytes(NETWORK, ExportPrecision.INT8, sums), sums.toString());
    }
    assertTrue(
        TfliteFootprint.bytes(NETWORK, ExportPrecision.INT8, Int8Sums.CONVOLUTION)
            > TfliteFootprint.bytes(NETWORK, ExportPrecision.INT8, Int8Sums.ADD));
  }
}
