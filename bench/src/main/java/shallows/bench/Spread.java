package shallows.bench;

import org.hipparchus.stat.StatUtils;

/**
 * Where the middle of some measurements lies and how far they spread.
 *
 * @param low the 10th percentile
 * @param median the 50th
 * @param high the 90th
 */
record Spread(double low, double median, double high) {
  static Spread of(double[] values) {
    return new Spread(
        StatUtils.percentile(values, 10),
        StatUtils.percentile(values, 50),
        StatUtils.percentile(values, 90));
  }
}
