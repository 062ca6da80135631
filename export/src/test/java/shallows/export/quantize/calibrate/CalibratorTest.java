package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
    Histogram histogram = new Histogram();
    values[8] = -5;
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
    Histogram histogram = new Histogram();
    histogram.add(new float[100_000]);
    histogram.add(new float[] {0.25f, 0.5f, 1});
    assertEquals(new Range(0, 1), Calibrator.MIN_MAX.range(histogram));
    assertEquals(1, Calibrator.PERCENTILE_99_9.range(histogram).high(), 1e-3);
  }

  @Test
  void aValueThatIsAlwaysZeroHasARange() {
    Histogram histogram = new Histogram();
    histogram.add(new float[10]);
    for (Calibrator calibrator : Calibrator.values()) {
      assertTrue(calibrator.range(histogram).width() < 1e-6, calibrator.label());
    }
  }

  @Test
  void aHistogramDoesNotDependOnTheOrderOfValues() {
    Random random = new Random(2);
    float[][] parts = new float[20][500];
    for (int i = 0; i < parts.length; i++) {
      for (int j = 0; j < parts[i].length; j++) {
        // From millionths to millions, so that bins double many times; zeros of both signs too.
        parts[i][j] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(13) - 6));
      }
      parts[i][i] = i % 2 == 0 ? 0f : -0f;
    }
    Histogram there = new Histogram();
    Histogram back = new Histogram();
    for (int i = 0; i < parts.length; i++) {
      there.add(parts[i]);
      back.add(parts[parts.length - 1 - i]);
    }
    assertEquals(there.seen(), back.seen());
    assertEquals(there.binWidth(), back.binWidth());
    assertArrayEquals(there.magnitudes(), back.magnitudes());
    assertEquals(20 * 499, Arrays.stream(there.magnitudes()).sum());
    assertEquals(there.percentile(0.01), back.percentile(0.01));
  }

  @Test
  void moreThanHalfOfTheBinsAreUsed() {
    for (float largest : new float[] {1e-30f, 0.7f, 1, 3, 4096, 1e30f}) {
      Histogram histogram = new Histogram();
      histogram.add(new float[] {-largest / 3, largest});
      int bins = histogram.magnitudes().length;
      assertTrue(bins > Histogram.BINS / 2 && bins <= Histogram.BINS, largest + ": " + bins);
      assertEquals(1, histogram.magnitudes()[bins - 1]);
    }
  }

  @Test
  void theThresholdIsThatOfTheSmallestDivergence() {
    for (int seed = 0; seed < 5; seed++) {
      double[] counts = longTail(seed);
      for (int levels : new int[] {128, 256}) {
        double least = Double.POSITIVE_INFINITY;
        for (int kept = levels; kept <= counts.length; kept += counts.length / 128) {
          least = Math.min(least, divergence(counts, kept, levels));
        }
        int found = EntropyThreshold.bins(counts, levels);
        assertEquals(least, divergence(counts, found, levels), 1e-12);
      }
    }
  }

  private static double[] longTail(int seed) {
    Random random = new Random(seed);
    double[] counts = new double[2500];
    for (int i = 0; i < 20_000; i++) {
      double magnitude = Math.abs(random.nextGaussian()) * Math.exp(random.nextGaussian());
      counts[(int) Math.min(counts.length - 1, magnitude * 60)]++;
    }
    return counts;
  }

  /** Migacz's two distributions written out, bin by bin. */
  private static double divergence(double[] counts, int kept, int levels) {
    double[] clipped = Arrays.copyOf(counts, kept);
    clipped[kept - 1] += Arrays.stream(counts, kept, counts.length).sum();
    double[] quantized = new double[kept];
    for (int level = 0; level < levels; level++) {
      int from = (int) ((long) level * kept / levels);
      int to = (int) ((long) (level + 1) * kept / levels);
      double sum = Arrays.stream(counts, from, to).sum();
      long present = Arrays.stream(counts, from, to).filter(count -> count > 0).count();
      for (int i = from; i < to; i++) {
        quantized[i] = counts[i] > 0 ? sum / present : 0;
      }
    }
    double all = Arrays.stream(clipped).sum();
    double inside = Arrays.stream(quantized).sum();
    double divergence = 0;
    for (int i = 0; i < kept; i++) {
      double p = clipped[i] / all;
      double q = quantized[i] > 0 ? quantized[i] / inside : 1e-9;
      divergence += p > 0 ? p * Math.log(p / q) : 0;
    }
    return divergence;
  }
}
