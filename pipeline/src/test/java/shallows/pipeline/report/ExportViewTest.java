package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.export.ExportFormat;
import shallows.export.ExportPrecision;
import shallows.export.ExportedFile;
import shallows.export.NetworkForm;
import shallows.export.OtherWeights;
import shallows.export.quantize.WeightScales;

class ExportViewTest {
  @ParameterizedTest
  @CsvSource({
    "INT8, PER_CHANNEL, , int8",
    "INT8, PER_CHANNEL, FINE_TUNED, 'int8, QAT'",
    "INT8, PER_TENSOR, EQUALIZED, 'int8, one scale a layer, equalized'",
    "INT8, PER_CHANNEL, EQUALIZED_ROUNDED, 'int8, equalized, rounding learned'",
    "INT4_WEIGHTS, , ROUNDED, 'int4-weights, rounding learned'"
  })
  void saysWhatWasDoneForTheWeights(
      ExportPrecision precision, WeightScales scales, OtherWeights other, String words) {
    ExportedFile file =
        new ExportedFile(
            "demo.onnx",
            NetworkForm.PRUNED,
            null,
            ExportFormat.ONNX,
            precision,
            precision.isInteger() ? "demo-int8.json" : null,
            other == null ? null : "other/model.onnx",
            other,
            scales,
            false,
            1000,
            "0".repeat(64));
    assertEquals(words, new ExportView(file, null, "pruned").precision());
  }
}
