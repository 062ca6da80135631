package shallows.pipeline.report;

import shallows.export.verify.FileCheck;

/**
 * How much less accurate a file is than the network it is compared with, and how much of that may
 * be chance.
 *
 * <p>Both saw the same n test images, so only those count that one gets right and the other does
 * not: b that the network alone gets right, c that the file alone does. With one more of each,
 * which keeps the interval honest where hardly any image changed sides (Bonett and Price 2012,
 * "Adjusted Wald confidence interval for a difference of binomial proportions based on paired
 * data"),
 *
 * <pre>
 *   lost   = (b − c) / n
 *   margin = 1.96 · √(((b + 1) + (c + 1)) / (n + 2) − ((b − c) / (n + 2))²) / √(n + 2)
 * </pre>
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
    double n = images + 2;
    double difference = (file.lost() - file.won()) / n;
    double square = (file.lost() + 1 + file.won() + 1) / n;
    return new Difference(
        (double) (file.lost() - file.won()) / images,
        NORMAL_QUANTILE * Math.sqrt((square - difference * difference) / n));
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
