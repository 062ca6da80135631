package shallows.data.evaluation;

import java.util.Locale;

/**
 * How much less accurate one network is than another, and how much of that may be chance.
 *
 * <p>Both saw the same n images, so only those count that one of them alone gets right (McNemar
 * 1947, "Note on the sampling error of the difference between correlated proportions"): the
 * reference alone on b of them, the other alone on c. Each image adds 1, 0 or −1 to the difference,
 * so
 *
 * <pre>
 *   estimate       = (b − c) / n
 *   standard error = √((b + c) − (b − c)² / n) / n      of n terms with the mean square (b + c) / n
 * </pre>
 *
 * <p>Bounds are those of Bonett and Price (2012, "Adjusted Wald confidence interval for a
 * difference of binomial proportions based on paired data"): one image is added to b, one to c, two
 * to n. Without that, networks that agree on all of a few dozen images would surely be equal; with
 * it a bound holds about as often as it says from few images on ({@code AccuracyLossTest} adds up
 * how often, exactly):
 *
 * <pre>
 *   d     = (b − c) / (n + 2)
 *   bound = d + z · √(((b + 1) + (c + 1)) / (n + 2) − d²) / √(n + 2)
 * </pre>
 *
 * with z the quantile of the normal distribution for the confidence wanted.
 *
 * <p>A bound is meant for one network that these images had no part in choosing. Whoever asks about
 * several has to count them.
 *
 * @param lost b, at least 0
 * @param won c, at least 0
 * @param images n, at least b + c and at least 1
 */
public record AccuracyLoss(int lost, int won, int images) {
  /**
   * How sure a network has to be within what it may lose before it is shipped, all looks counted;
   * and how sure to be beyond it before test images reject one of its files. Not more: with a
   * thousand images, two networks that are equally good have to differ by half a point in favour of
   * the smaller one before 95 % are reached, and a pruning that waits for that does not prune.
   */
  public static final double CONFIDENCE = 0.8;

  /** Φ⁻¹(0.8): z for {@link #CONFIDENCE} in one look. */
  public static final double QUANTILE = 0.8416;

  public AccuracyLoss {
    if (lost < 0 || won < 0 || images < 1 || images - won < lost) {
      throw new IllegalArgumentException(
          "of " + images + " images, " + lost + " lost and " + won + " won");
    }
  }

  /**
   * @param reference of each image, whether the network that is compared with gets it right
   * @param other the same of the other network
   */
  public static AccuracyLoss between(boolean[] reference, boolean[] other) {
    int lost = 0;
    int won = 0;
    for (int i = 0; i < reference.length; i++) {
      lost += reference[i] && !other[i] ? 1 : 0;
      won += other[i] && !reference[i] ? 1 : 0;
    }
    return new AccuracyLoss(lost, won, reference.length);
  }

  /**
   * Of two equally good networks that are told apart by one image in twenty, as those are of which
   * one was cut from the other and fine-tuned.
   *
   * @param images at least 1
   */
  public static AccuracyLoss ofEquals(int images) {
    int each = images / 40;
    return new AccuracyLoss(each, each, images);
  }

  /** In [−1, 1], positive where accuracy is lost. */
  public double estimate() {
    return (double) (lost - won) / images;
  }

  /** Of the estimate, in [0, 1]. */
  public double standardError() {
    double difference = lost - won;
    return Math.sqrt(lost + won - difference * difference / images) / images;
  }

  /**
   * What it is at most, in [−1, 1].
   *
   * @param quantile z, at least 0
   */
  public double atMost(double quantile) {
    return Math.min(1, bound(quantile));
  }

  /** What it is at least, likewise. */
  public double atLeast(double quantile) {
    return Math.max(-1, bound(-quantile));
  }

  private double bound(double quantile) {
    return (lost - won) / (images + 2.0) + margin(quantile);
  }

  /**
   * How far the bounds are from d, negative where the quantile is.
   *
   * @param quantile z
   */
  public double margin(double quantile) {
    double n = images + 2.0;
    double difference = (lost - won) / n;
    double square = (lost + won + 2) / n;
    return quantile * Math.sqrt((square - difference * difference) / n);
  }

  /**
   * Whether no more was lost than may be, chance considered.
   *
   * @param points that may be lost, 1 is one image in a hundred
   */
  public boolean isSurelyWithin(double points, double quantile) {
    return isWithin(atMost(quantile), points);
  }

  /** Whether more was lost than may be, chance considered. */
  public boolean isSurelyBeyond(double points, double quantile) {
    return !isWithin(atLeast(quantile), points);
  }

  /** Whether the estimate is no more than may be lost. */
  public boolean isProbablyWithin(double points) {
    return isWithin(estimate(), points);
  }

  private static boolean isWithin(double lost, double points) {
    // Accuracies are counts over images: a slack far below one image absorbs rounding.
    return lost <= points / 100 + 1e-9;
  }

  /** For example {@code accuracy -0.42 ± 0.71 points}. */
  public String inWords() {
    return String.format(
        Locale.ROOT,
        "accuracy %+.2f ± %.2f points",
        // Not −100 times: that of nothing would be written as -0.00.
        0 - 100 * estimate(),
        100 * standardError());
  }
}
