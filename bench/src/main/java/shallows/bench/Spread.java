package shallows.bench;

import java.util.Arrays;

/**
 * Where the middle of some measurements lies and how far they spread.
 *
 * @param low the 10th percentile
 * @param median the 50th
 * @param high the 90th
 */
record Spread(double low, double median, double high) {
  static Spread of(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(at(sorted, 0.1), at(sorted, 0.5), at(sorted, 0.9));
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }
}
