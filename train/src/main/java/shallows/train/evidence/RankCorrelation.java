package shallows.train.evidence;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import org.hipparchus.stat.StatUtils;
import org.hipparchus.stat.correlation.SpearmansCorrelation;

/**
 * Spearman's rank correlation, and how high it can get against a yardstick that is noisy itself.
 */
public final class RankCorrelation {
  /** Fewer points than this have no correlation worth the name. */
  private static final int FEWEST = 3;

  /** Draws of noise: the mean correlation over them is good to a hundredth. */
  private static final int DRAWS = 500;

  private RankCorrelation() {}

  /**
   * @return in [−1, 1]; empty for fewer than three points, or where one side is all alike
   */
  public static OptionalDouble of(double[] x, double[] y) {
    if (x.length < FEWEST) {
      return OptionalDouble.empty();
    }
    double correlation = new SpearmansCorrelation().correlation(x, y);
    return Double.isNaN(correlation) ? OptionalDouble.empty() : OptionalDouble.of(correlation);
  }

  /**
   * The correlation with {@code measured} that the <em>truth</em> itself would have: measurements
   * with errors cannot be foretold better than that, on average. The truth is not known; what
   * spreads like it is
   *
   * <pre>
   *   u_i = x̄ + √λ · (x_i − x̄),    λ = max(0, 1 − mean(s²) / var(x))
   * </pre>
   *
   * with measurements x and their standard errors s: var(x) = var(u) + mean(s²) for errors that are
   * independent of the truth, so λ is the share of the variance that is real (the reliability of
   * Spearman 1904, whose correction for attenuation is √λ for Pearson's correlation). The ranks
   * need a simulation: the mean over {@value #DRAWS} draws of the rank correlation of u with u + s
   * z, z standard normal. Errors are taken as independent between the points; where they share a
   * part, as differences from one baseline do, that part moves all alike and the ceiling is higher.
   *
   * @return in [0, 1]; empty for fewer than three points
   */
  public static OptionalDouble attainable(double[] measured, double[] errors) {
    int n = measured.length;
    if (n < FEWEST) {
      return OptionalDouble.empty();
    }
    double mean = StatUtils.mean(measured);
    double variance = StatUtils.variance(measured);
    double noise = StatUtils.sumSq(errors) / n;
    double share = variance > 0 ? Math.max(0, 1 - noise / variance) : 0;
    if (share == 0) {
      return OptionalDouble.of(0);
    }
    double[] truth =
        Arrays.stream(measured).map(x -> mean + Math.sqrt(share) * (x - mean)).toArray();
    Random random = new Random(n);
    double sum = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      double[] noisy = new double[n];
      for (int i = 0; i < n; i++) {
        noisy[i] = truth[i] + errors[i] * random.nextGaussian();
      }
      sum += of(truth, noisy).orElse(0);
    }
    return OptionalDouble.of(Math.max(0, sum / DRAWS));
  }
}
