package shallows.pipeline.report;

import shallows.data.evaluation.AccuracyLoss;
import shallows.export.verify.FileCheck;

/**
 * How much less accurate a file is than the network it is compared with, and how much of that may
 * be chance: the 95 % interval of {@link AccuracyLoss} on the test images.
 *
 * @param lost as a fraction, negative where the file is better
 * @param margin half the width of the 95 % interval, as a fraction
 */
record Difference(double lost, double margin) {
  private static final double NORMAL_QUANTILE = 1.96;

  /**
   * @param file that its runtime ran
   * @param images how many test images there are
   */
  static Difference of(FileCheck file, int images) {
    AccuracyLoss loss = new AccuracyLoss(file.lost(), file.won(), images);
    return new Difference(loss.estimate(), loss.margin(NORMAL_QUANTILE));
  }

  /** Whether as much would be found now and then of two that are equally good. */
  boolean isWithinChance() {
    return Math.abs(lost) <= margin;
  }

  /** For example {@code ; accuracy 0.2 points lower, within chance (±0.9).}, to end a sentence. */
  String ending() {
    if (isWithinChance()) {
      return isNothing()
          ? "; accuracy the same (\u00b1" + Figures.points(margin) + " points)."
          : "; accuracy "
              + amount()
              + (lost > 0 ? " lower" : " higher")
              + ", within chance (\u00b1"
              + Figures.points(margin)
              + ").";
    }
    String amount = Figures.points(Math.abs(lost)) + " \u00b1 " + Figures.points(margin);
    return (lost > 0 ? ", for " : ", and gains ") + amount + " points of accuracy.";
  }

  /** For example {@code 0.2 points lost ± 0.9}. */
  String inShort() {
    return (isNothing() ? "nothing lost" : amount() + (lost > 0 ? " lost" : " gained"))
        + " \u00b1\u00a0"
        + Figures.points(margin);
  }

  private boolean isNothing() {
    return Math.abs(100 * lost) < Figures.SMALLEST_POINTS;
  }

  private String amount() {
    String points = Figures.points(Math.abs(lost));
    return points + (points.equals("1.0") ? " point" : " points");
  }
}
