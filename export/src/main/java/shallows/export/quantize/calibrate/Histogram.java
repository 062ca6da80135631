package shallows.export.quantize.calibrate;

import java.util.Arrays;
import shallows.export.quantize.Range;

/**
 * How often a value was near each of many levels other than zero, over all calibration images. Bins
 * are as wide as a power of two; where a value falls outside, all of them double, each pair in one.
 * So what comes out depends on the values alone, not on their order.
 */
final class Histogram {
  /** On each side of zero; more than half of them are used. */
  static final int BINS = 4096;

  private static final double NARROWEST = Math.scalb(1.0, Float.MIN_EXPONENT) / BINS;

  /** Behind the bins. */
  private static final int ZEROS = 2 * BINS;

  private static final int PLACES = 8;

  private final long[] counts = new long[ZEROS + PLACES];
  private double binWidth = NARROWEST;
  private Range seen;
  private long total;

  /**
   * Several threads may add.
   *
   * @throws IllegalArgumentException when one is NaN or infinite
   */
  synchronized void add(float[] values) {
    Range range = rangeOf(values);
    seen = seen == null ? range : seen.union(range);
    widen(largest());
    double binsPerUnit = 1 / binWidth;
    for (int i = 0; i < values.length; i++) {
      float value = values[i];
      int towardsZero = (int) (value * binsPerUnit);
      int bin = BINS + towardsZero + (Float.floatToRawIntBits(value) >> 31);
      // Zero is exact whatever the scale; half of what a Relu gives would drown the rest. In turn
      // to
      // several places, as one count after the other waits for the one before.
      counts[value == 0 ? ZEROS + i % PLACES : bin]++;
    }
    long zeros = 0;
    for (int place = 0; place < PLACES; place++) {
      zeros += counts[ZEROS + place];
      counts[ZEROS + place] = 0;
    }
    total += values.length - zeros;
  }

  private static Range rangeOf(float[] values) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return new Range(low, high);
  }

  private double largest() {
    return Math.max(Math.abs(seen.low()), Math.abs(seen.high()));
  }

  private void widen(double largest) {
    while (largest >= BINS * binWidth) {
      binWidth *= 2;
      if (total > 0) {
        for (int i = 0; i < BINS; i++) {
          // Inwards from the ends of a pair, so that nothing is overwritten before it is read.
          int pair = 2 * i;
          long above = pair < BINS ? counts[BINS + pair] + counts[BINS + pair + 1] : 0;
          long below = pair < BINS ? counts[BINS - 1 - pair] + counts[BINS - 2 - pair] : 0;
          counts[BINS + i] = above;
          counts[BINS - 1 - i] = below;
        }
      }
    }
  }

  /** Smallest and largest value. */
  Range seen() {
    return seen;
  }

  double binWidth() {
    return binWidth;
  }

  /** How often the magnitude was in each bin up to that of the largest. */
  double[] magnitudes() {
    double[] magnitudes = new double[(int) (largest() / binWidth) + 1];
    Arrays.setAll(magnitudes, i -> counts[BINS + i] + (double) counts[BINS - 1 - i]);
    return magnitudes;
  }

  /** What leaves a share of {@code tail} of the values out on either side. */
  Range percentile(double tail) {
    double allowed = tail * total;
    int first = 0;
    for (double below = counts[0]; below <= allowed && first < ZEROS - 1; ) {
      below += counts[++first];
    }
    int last = ZEROS - 1;
    for (double above = counts[last]; above <= allowed && last > first; ) {
      above += counts[--last];
    }
    double low = Math.max(seen.low(), (first - BINS) * binWidth);
    double high = Math.min(seen.high(), (last + 1 - BINS) * binWidth);
    return new Range(Math.min(low, high), high);
  }
}
