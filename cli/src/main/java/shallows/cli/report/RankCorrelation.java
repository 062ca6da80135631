package shallows.cli.report;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import shallows.cli.report.ReportContent.SurvivalRow;

/**
 * Spearman's rank correlation: Pearson's correlation of the ranks, where equal values share the
 * mean of their ranks.
 */
final class RankCorrelation {
  private RankCorrelation() {}

  /** Of effect and leave-one-out; empty with fewer than three blocks, or where all rank alike. */
  static Optional<Double> ofEffects(List<SurvivalRow> rows) {
    List<SurvivalRow> measured =
        rows.stream().filter(row -> row.effect() != null && row.leaveOneOut() != null).toList();
    if (measured.size() < 3) {
      return Optional.empty();
    }
    double r =
        pearson(ranks(measured, SurvivalRow::effect), ranks(measured, SurvivalRow::leaveOneOut));
    return Double.isFinite(r) ? Optional.of(r) : Optional.empty();
  }

  private static double[] ranks(List<SurvivalRow> rows, ToDoubleFunction<SurvivalRow> value) {
    double[] values = rows.stream().mapToDouble(value).toArray();
    double[] ranks = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      for (double other : values) {
        // Counts itself as half below: ties then share the mean of their ranks.
        ranks[i] += other < values[i] ? 1 : other == values[i] ? 0.5 : 0;
      }
    }
    return ranks;
  }

  private static double pearson(double[] x, double[] y) {
    // Ranks of n values have the mean n/2 in this count, ties or not.
    double mean = x.length / 2.0;
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - mean) * (y[i] - mean);
      xx += (x[i] - mean) * (x[i] - mean);
      yy += (y[i] - mean) * (y[i] - mean);
    }
    return xy / Math.sqrt(xx * yy);
  }
}
