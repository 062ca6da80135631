package shallows.export.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

class QuantizationTest {
  @Test
  void zeroIsExactAndTheEndsAreReached() {
    for (Range range :
        new Range[] {new Range(-1, 3), new Range(0, 6), new Range(-2, 0), new Range(1, 2)}) {
      Quantization quantization = Quantization.of(range);
      assertEquals(0, rounded(quantization, 0));
      assertEquals(range.high(), rounded(quantization, range.high()), quantization.scale());
      assertEquals(range.low(), rounded(quantization, range.low()), quantization.scale());
    }
  }

  @Test
  void valuesThatCannotBeNegativeUseAllSteps() {
    assertEquals(0, Quantization.of(new Range(0, 6)).zeroPoint());
    assertEquals(255, Quantization.of(new Range(-6, 0)).zeroPoint());
  }

  @Test
  void aRangeOfNothingHasAScale() {
    assertEquals(0, rounded(Quantization.of(new Range(0, 0)), 0));
  }

  @Test
  void pixelsAroundAMeanOfAHalfDoNotFallBetweenTwoSteps() {
    Quantization quantization = Quantization.of(new Range(-2, 2));
    for (int pixel = 0; pixel <= 255; pixel++) {
      double step = (pixel / 255.0 - 0.5) / 0.25 / quantization.scale();
      assertTrue(Math.abs(step - Math.floor(step) - 0.5) > 1e-4, "pixel " + pixel);
    }
  }

  @Test
  void weightsAreSymmetricAndEachChannelHasItsScale() {
    Tensor weight = new Tensor(Shape.of(2, 1, 1, 2), new float[] {-1, 0.5f, 2.54f, 0.02f});
    QuantizedWeights weights =
        QuantizedWeights.of(weight, new float[] {1, -2}, 0.1f, QuantizedWeights.Form.PER_CHANNEL);
    assertArrayEquals(new byte[] {-127, 64, 127, 1}, weights.values());
    assertArrayEquals(new float[] {1 / 127f, 0.02f}, weights.scales(), 1e-7f);
    assertArrayEquals(new int[] {1270, -1000}, weights.bias());
    QuantizedWeights together =
        QuantizedWeights.of(weight, new float[] {1, -2}, 0.1f, QuantizedWeights.Form.ONE_SCALE);
    assertArrayEquals(new float[] {0.02f, 0.02f}, together.scales(), 1e-7f);
  }

  @Test
  void aChannelOfZerosKeepsItsBias() {
    Tensor weight = new Tensor(Shape.of(2, 1), new float[] {0, 1});
    QuantizedWeights weights =
        QuantizedWeights.of(weight, new float[] {1e6f, 0}, 0.1f, QuantizedWeights.Form.PER_CHANNEL);
    double bias = (double) weights.bias()[0] * weights.scales()[0] * 0.1f;
    assertEquals(1e6, bias, 1);
    assertEquals(0, weights.values()[0]);
  }

  @Test
  void impossibleOnesAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Quantization(0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Quantization(1, 256));
    assertThrows(IllegalArgumentException.class, () -> new Range(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Range(Double.NaN, 0));
  }

  @Test
  void binaryWeightsAreSignsWithTheirMagnitudeAsScale() {
    Tensor weight = new Tensor(Shape.of(2, 1, 1, 2), new float[] {0.5f, -0.5f, -0.25f, -0.25f});
    QuantizedWeights signs =
        QuantizedWeights.of(weight, new float[] {1, 0}, 0.5f, QuantizedWeights.Form.SIGNS);
    assertArrayEquals(new byte[] {1, -1, -1, -1}, signs.values());
    assertArrayEquals(new float[] {0.5f, 0.25f}, signs.scales());
    assertArrayEquals(new int[] {4, 0}, signs.bias());
  }

  /** What the nearest of the integers stands for. */
  private static float rounded(Quantization quantization, double x) {
    int distance = quantization.clamped((int) Math.rint(x / quantization.scale()));
    return quantization.scale() * distance;
  }
}
