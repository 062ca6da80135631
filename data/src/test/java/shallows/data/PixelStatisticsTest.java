package shallows.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import shallows.model.graph.Normalization;

class PixelStatisticsTest {
  /** Floats of about 1 keep seven digits; a few operations lose one. */
  private static final double ROUNDING = 1e-6;

  @Test
  void measuresMeanAndDeviationOfEachChannel() {
    LabelledImages images = SampleImages.two(3, 1, 2, 0, 51, 7, 255, 51, 7, 0, 51, 7, 255, 153, 7);
    Normalization measured = PixelStatistics.normalization(images);
    assertEquals(0.5, measured.mean().get(0), ROUNDING);
    assertEquals(0.5, measured.deviation().get(0), ROUNDING);
    assertEquals(0.3, measured.mean().get(1), ROUNDING);
    assertEquals(Math.sqrt(0.03), measured.deviation().get(1), ROUNDING);
  }

  @Test
  void givesAChannelOfOneLevelDeviationOne() {
    Normalization measured = PixelStatistics.normalization(SampleImages.two(1, 1, 1, 7, 7));
    assertEquals(7 / 255.0, measured.mean().get(0), ROUNDING);
    assertEquals(1f, measured.deviation().get(0));
  }

  @Test
  void makesMeanZeroAndDeviationOne() {
    LabelledImages images = SampleImages.random(50, 5, 3, 4, 5);
    Normalization normalization = PixelStatistics.normalization(images);
    float[] values = images.normalized(0, images.size(), normalization);
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += value * value;
    }
    assertEquals(0, sum / values.length, 1e-5);
    assertEquals(1, squares / values.length, 1e-5);
  }
}
