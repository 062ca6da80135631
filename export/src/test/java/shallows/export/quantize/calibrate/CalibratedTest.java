package shallows.export.quantize.calibrate;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.export.quantize.Quantization;
import shallows.model.json.JsonEdits;

class CalibratedTest {
  @Test
  void aThousandEditsGiveAValueOrOneLine() {
    String text =
        Calibrated.FORMAT.text(
            new Calibrated.Stored(
                Calibrator.ENTROPY,
                300,
                100,
                Map.of("min-max", 0.5, "entropy", 0.25),
                new Calibrated.BiasesCorrected(0.2, true, Map.of("conv", new float[] {1, -2.5f})),
                WeightRounding.perTensor(0.3, 0.01).withEqualized(0.02),
                List.of(new LayerCost("conv", 0.25, true)),
                Map.of("input", new Quantization(0.1f, 3), "conv", new Quantization(2, 128))));
    JsonEdits.assertValueOrOneLine(text, spoiled -> Calibrated.FORMAT.parse(spoiled, "FILE"));
  }
}
