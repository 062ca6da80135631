package shallows.prune;

import java.util.Locale;

/**
 * How much less accurate one network is than another, and how much of that may be chance.
 *
 * <p>Both saw the same images, so only those count that one gets right and the other does not
 * (McNemar 1947, "Note on the sampling error of the difference between correlated proportions").
 * With b images of n that the full network alone gets right and c that the other alone does, each
 * image adds 1, 0 or −1 to the difference, so
 *
 * <pre>
 *   loss           = (b − c) / n
 *   standard error = √((b + c) − (b − c)² / n) / n      of n terms with the mean square (b + c) / n
 *   at most        = loss + z · standard error          z the normal quantile of {@link #CONFIDENCE}
 * </pre>
 *
 * <p>The bound is meant for one network chosen beforehand. Whoever measures many and keeps one that
 * looks good favours those that luck favoured, so what is kept is worse than it looks, by at most
 * what the luckiest of so many draws gains: about one standard error for four. Pruning keeps that
 * small, but not at nothing: candidates are ranked by their cross-entropy, which varies less than
 * counts of right answers, and fine-tuning, where there is any, makes another network of the one
 * that was chosen before it is measured for the last time.
 *
 * @param estimate in [−1, 1], positive where accuracy is lost
 * @param standardError of the estimate
 */
public record AccuracyLoss(double estimate, double standardError) {
  /**
   * How sure pruning is that no more was lost than it says. Not more: with a thousand images two
   * networks have to differ by a point before chance is ruled out at 95 %, and a pruning that waits
   * for that does not prune.
   */
  public static final double CONFIDENCE = 0.8;

  /** Φ⁻¹(0.8). */
  private static final double QUANTILE = 0.8416;

  /** How sure it must be before more is cut than it takes to be allowed to ship. */
  static final double GREATER_CONFIDENCE = 0.9;

  /** Φ⁻¹(0.9). */
  private static final double GREATER_QUANTILE = 1.2816;

  /** What {@code other} loses against {@code full}; both measured on the same images. */
  static AccuracyLoss between(Measurement full, Measurement other) {
    return between(full.right(), other.right());
  }

  /**
   * @param full of each image, whether the full network gets it right
   * @param other the same of the other network
   */
  static AccuracyLoss between(boolean[] full, boolean[] other) {
    int lost = 0;
    int won = 0;
    for (int i = 0; i < full.length; i++) {
      lost += full[i] && !other[i] ? 1 : 0;
      won += other[i] && !full[i] ? 1 : 0;
    }
    double n = full.length;
    double difference = lost - won;
    return new AccuracyLoss(
        difference / n, Math.sqrt(lost + won - difference * difference / n) / n);
  }

  /**
   * What it is at most, with the probability {@link #CONFIDENCE}. It is never above 1: the variance
   * is at most 2·(1 − loss), or 1 − loss where c = 0, while 1 − loss is at least 2/n, or 1/n, and z
   * is below 1. So 100 points may be lost of everything.
   */
  public double atMost() {
    return estimate + QUANTILE * standardError;
  }

  /**
   * Whether no more was lost than may be, chance considered.
   *
   * @param points that may be lost, 1 is one image in a hundred
   */
  public boolean isSurelyWithin(double points) {
    return isWithin(atMost(), points);
  }

  /**
   * The same with {@link #GREATER_CONFIDENCE}: for the last of several networks, each of which was
   * kept only because the one before it looked good.
   */
  boolean isVerySurelyWithin(double points) {
    return isWithin(atMostWithGreaterConfidence(), points);
  }

  private double atMostWithGreaterConfidence() {
    return estimate + GREATER_QUANTILE * standardError;
  }

  /** Whether anything was lost, with the probability {@link #CONFIDENCE}. */
  boolean isSurelyAny() {
    return estimate - QUANTILE * standardError > 0;
  }

  /** Whether the estimate is no more than may be lost. */
  boolean isProbablyWithin(double points) {
    return isWithin(estimate, points);
  }

  private static boolean isWithin(double lost, double points) {
    // Accuracies are counts over images: a slack far below one image absorbs rounding.
    return lost <= points / 100 + 1e-9;
  }

  /** For example {@code accuracy -0.42 points, at worst -1.05 with 80 % confidence}. */
  String inWords() {
    return inWords(atMost(), CONFIDENCE);
  }

  String inWordsWithGreaterConfidence() {
    return inWords(atMostWithGreaterConfidence(), GREATER_CONFIDENCE);
  }

  private String inWords(double bound, double confidence) {
    return String.format(
        Locale.ROOT,
        "accuracy %+.2f points, at worst %+.2f with %.0f %% confidence",
        // Not −100 times: that of nothing would be written as -0.00.
        0 - 100 * estimate,
        0 - 100 * bound,
        100 * confidence);
  }
}
