package shallows.bench;

import org.hipparchus.stat.descriptive.rank.Percentile;

/** Where the middle half of some measurements lies. */
record Quartiles(double first, double median, double third) {
  static Quartiles of(double[] values) {
    Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
    percentile.setData(values);
    return new Quartiles(percentile.evaluate(25), percentile.evaluate(50), percentile.evaluate(75));
  }
}
