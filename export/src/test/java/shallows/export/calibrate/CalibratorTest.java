package shallows.export.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.export.quantize.Range;

class CalibratorTest {
  /** A bell curve, and one value far outside. */
  private static final Histogram BELL = bell();

  private static Histogram bell() {
    Random random = new Random(1);
    float[] values = new float[200_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[7] = 40;
    Histogram histogram = new Histogram(new Range(-5, 40));
    histogram.add(values);
    return histogram;
  }

  @Test
  void minMaxKeepsTheOutlier() {
    assertEquals(new Range(-5, 40), Calibrator.MIN_MAX.range(BELL));
  }

  @Test
  void percentilesLeaveTheTailsOut() {
    // Quantiles of the normal distribution, up to the width of a bin.
    assertEquals(3.29, Calibrator.PERCENTILE_99_9.range(BELL).high(), 0.15);
    assertEquals(-3.29, Calibrator.PERCENTILE_99_9.range(BELL).low(), 0.15);
    assertEquals(3.89, Calibrator.PERCENTILE_99_99.range(BELL).high(), 0.3);
  }

  @Test
  void entropyLeavesTheOutlierOutAndKeepsTheBell() {
    Range range = Calibrator.ENTROPY.range(BELL);
    assertTrue(range.high() > 2.5 && range.high() < 8, range.toString());
    assertTrue(range.low() < -2.5, range.toString());
  }

  @Test
  void zerosDoNotCount() {
    Histogram histogram = new Histogram(new Range(0, 1));
    histogram.add(new float[100_000]);
    histogram.add(new float[] {0.25f, 0.5f, 1});
    assertEquals(new Range(0, 1), Calibrator.MIN_MAX.range(histogram));
    assertEquals(1, Calibrator.PERCENTILE_99_9.range(histogram).high(), 1e-3);
  }

  @Test
  void aValueThatIsAlwaysZeroHasARange() {
    Histogram histogram = new Histogram(new Range(0, 0));
    histogram.add(new float[10]);
    for (Calibrator calibrator : Calibrator.values()) {
      assertTrue(calibrator.range(histogram).width() < 1e-6, calibrator.label());
    }
  }
}
