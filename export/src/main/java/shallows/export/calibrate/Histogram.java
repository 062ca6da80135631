package shallows.export.calibrate;

import shallows.export.quantize.Range;

/** How often a value was near each of many levels other than zero, over all calibration images. */
final class Histogram {
  /** On each side of zero. */
  static final int BINS = 2048;

  private final Range seen;
  private final double binWidth;
  private final long[] counts = new long[2 * BINS];
  private long total;

  /**
   * @param seen smallest and largest value that will be added
   */
  Histogram(Range seen) {
    this.seen = seen;
    double largest = Math.max(Math.abs(seen.low()), Math.abs(seen.high()));
    this.binWidth = Math.max(largest, Float.MIN_NORMAL) / BINS;
  }

  void add(float[] values) {
    for (float value : values) {
      if (value == 0) {
        // Exact whatever the scale; half of what a Relu gives would drown the rest.
        continue;
      }
      total++;
      int bin = (int) Math.floor(value / binWidth) + BINS;
      counts[Math.max(0, Math.min(bin, counts.length - 1))]++;
    }
  }

  /** Smallest and largest value. */
  Range seen() {
    return seen;
  }

  double binWidth() {
    return binWidth;
  }

  /** How often the magnitude was in each of {@link #BINS} bins. */
  double[] magnitudes() {
    double[] magnitudes = new double[BINS];
    for (int i = 0; i < BINS; i++) {
      magnitudes[i] = counts[BINS + i] + (double) counts[BINS - 1 - i];
    }
    return magnitudes;
  }

  /** What leaves a share of {@code tail} of the values out on either side. */
  Range percentile(double tail) {
    double allowed = tail * total;
    int first = 0;
    for (double below = counts[0]; below <= allowed && first < counts.length - 1; ) {
      below += counts[++first];
    }
    int last = counts.length - 1;
    for (double above = counts[last]; above <= allowed && last > first; ) {
      above += counts[--last];
    }
    double low = Math.max(seen.low(), (first - BINS) * binWidth);
    double high = Math.min(seen.high(), (last + 1 - BINS) * binWidth);
    return new Range(Math.min(low, high), high);
  }
}
