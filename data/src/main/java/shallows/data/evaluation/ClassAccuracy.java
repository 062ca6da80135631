package shallows.data.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import shallows.data.LabelledImages;

/**
 * How often a network is right about the images of one class, and how much of what it lost there
 * against another network may be chance.
 *
 * @param images n, how many have this label; may be 0
 * @param right of these, whose answer is the label
 * @param lost b, those that the other network alone gets right
 * @param won c, those that this network alone gets right
 */
public record ClassAccuracy(int images, int right, int lost, int won) {
  /** z of a 95 % interval. */
  private static final double QUANTILE = 1.959964;

  public ClassAccuracy {
    if (right < 0
        || lost < 0
        || won < 0
        || right > images
        || won > right
        || lost > images - right) {
      throw new IllegalArgumentException(
          "of " + images + " images, " + right + " right, " + lost + " lost and " + won + " won");
    }
  }

  /**
   * Of each class, in the order of the labels.
   *
   * @param reference the other network; these predictions themselves where there is none
   */
  public static List<ClassAccuracy> of(
      Predictions reference, Predictions found, LabelledImages truth) {
    boolean[] before = reference.right(truth);
    boolean[] after = found.right(truth);
    int classes = truth.classes().size();
    int[] images = new int[classes];
    int[] right = new int[classes];
    int[] lost = new int[classes];
    int[] won = new int[classes];
    for (int i = 0; i < after.length; i++) {
      int label = truth.label(i);
      images[label]++;
      right[label] += after[i] ? 1 : 0;
      lost[label] += before[i] && !after[i] ? 1 : 0;
      won[label] += after[i] && !before[i] ? 1 : 0;
    }
    List<ClassAccuracy> all = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      all.add(new ClassAccuracy(images[label], right[label], lost[label], won[label]));
    }
    return all;
  }

  /** Of the images of both. */
  public ClassAccuracy plus(ClassAccuracy other) {
    return new ClassAccuracy(
        images + other.images, right + other.right, lost + other.lost, won + other.won);
  }

  /**
   * Where the 95 % interval of the accuracy begins, in [0, 1]. It is Wilson's (1927, "Probable
   * inference, the law of succession, and statistical inference"), which stays honest where all of
   * a few images are right: with a the accuracy and z the quantile,
   *
   * <pre>  (a + z²/2n ∓ z · √(a(1 − a)/n + z²/4n²)) / (1 + z²/n)</pre>
   *
   * <p>Of no image it is everything.
   */
  public double low() {
    return images == 0 ? 0 : Math.max(0, centre() - reach());
  }

  /** Where it ends, likewise. */
  public double high() {
    return images == 0 ? 1 : Math.min(1, centre() + reach());
  }

  private double centre() {
    double square = QUANTILE * QUANTILE;
    return (right + square / 2) / (images + square);
  }

  private double reach() {
    double square = QUANTILE * QUANTILE;
    double variance = (double) right * (images - right) / images + square / 4;
    return QUANTILE * Math.sqrt(variance) / (images + square);
  }

  /**
   * How likely at least as uneven a split of the b + c images on which one alone is right would be,
   * were both networks equally good: McNemar's test in its exact form,
   *
   * <pre>  p = min(1, 2 · P(X ≤ min(b, c)))    X of the binomial distribution of b + c and 1/2
   * </pre>
   *
   * @return in (0, 1]
   */
  public double pValue() {
    if (lost + won == 0) {
      return 1;
    }
    BinomialDistribution even = new BinomialDistribution(lost + won, 0.5);
    return Math.min(1, 2 * even.cumulativeProbability(Math.min(lost, won)));
  }

  /**
   * The same for each of several classes, corrected for how many were asked about (Holm 1979, "A
   * simple sequentially rejective multiple test procedure"): below α in a class that lost nothing,
   * with a probability of at most α for all classes together. With p₁ ≤ p₂ ≤ … ≤ p_m,
   *
   * <pre>  adjusted_k = max over j ≤ k of min(1, (m − j + 1) · p_j)</pre>
   *
   * <p>Classes without images are not asked about.
   */
  public static double[] pValues(List<ClassAccuracy> classes) {
    double[] adjusted = new double[classes.size()];
    Integer[] order = new Integer[classes.size()];
    int asked = 0;
    for (int i = 0; i < classes.size(); i++) {
      order[i] = i;
      adjusted[i] = classes.get(i).pValue();
      asked += classes.get(i).images > 0 ? 1 : 0;
    }
    Arrays.sort(order, Comparator.comparingDouble(i -> adjusted[i]));
    double largest = 0;
    for (int rank = 0; rank < order.length; rank++) {
      int at = order[rank];
      largest = Math.max(largest, Math.min(1, Math.max(1, asked - rank) * adjusted[at]));
      adjusted[at] = largest;
    }
    return adjusted;
  }
}
