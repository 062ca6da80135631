package shallows.export.quantize.calibrate;

/**
 * Where to cut magnitudes off so that what is left of their distribution in a few levels tells most
 * about it: the smallest Kullback-Leibler divergence of the clipped distribution from the quantized
 * one (Migacz 2017, "8-bit Inference with TensorRT").
 *
 * <p>With c of each bin, the bins of level ℓ together C(ℓ), n(ℓ) of them not empty, A all and I
 * those inside, p = c/A and q = C(ℓ)/(n(ℓ)·I), so that
 *
 * <pre>  Σ p·ln(p/q) = (Σ c·ln c − I·ln A − Σ_ℓ C(ℓ)·ln(C(ℓ)/(n(ℓ)·I))) / A</pre>
 *
 * which sums up to each bin give for every threshold, without another look at the bins. Only the
 * last bin inside is apart: the clipped distribution has there what was cut off.
 */
final class EntropyThreshold {
  /** Every candidate would be tried to no use: neighbours differ by a few thousandths. */
  private static final int CANDIDATES = 128;

  /** The probability of a bin that was empty, as its level may be empty too. */
  private static final double SLIVER = 1e-9;

  private final double[] counts;

  /** Of the bins before each. */
  private final double[] sums;

  private final double[] entropies;
  private final int[] present;

  private EntropyThreshold(double[] counts) {
    this.counts = counts;
    this.sums = new double[counts.length + 1];
    this.entropies = new double[counts.length + 1];
    this.present = new int[counts.length + 1];
    for (int i = 0; i < counts.length; i++) {
      double count = counts[i];
      sums[i + 1] = sums[i] + count;
      entropies[i + 1] = entropies[i] + (count > 0 ? count * Math.log(count) : 0);
      present[i + 1] = present[i] + (count > 0 ? 1 : 0);
    }
  }

  /**
   * @param counts of magnitudes, the smallest first
   * @param levels that the magnitudes get
   * @return how many bins to keep
   */
  static int bins(double[] counts, int levels) {
    EntropyThreshold threshold = new EntropyThreshold(counts);
    int best = counts.length;
    double least = Double.POSITIVE_INFINITY;
    int stride = Math.max(1, counts.length / CANDIDATES);
    for (int kept = levels; kept <= counts.length; kept += stride) {
      double divergence = threshold.divergence(kept, levels);
      if (divergence < least) {
        least = divergence;
        best = kept;
      }
    }
    return best;
  }

  private double divergence(int kept, int levels) {
    double all = sums[counts.length];
    double inside = sums[kept];
    if (inside <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double divergence = entropies[kept] - inside * Math.log(all);
    double lastLevel = SLIVER;
    for (int level = 0; level < levels; level++) {
      int from = (int) ((long) level * kept / levels);
      int to = (int) ((long) (level + 1) * kept / levels);
      double sum = sums[to] - sums[from];
      if (sum > 0) {
        double each = sum / (present[to] - present[from]) / inside;
        divergence -= sum * Math.log(each);
        lastLevel = each;
      }
    }
    divergence /= all;
    double last = counts[kept - 1];
    double q = last > 0 ? lastLevel : SLIVER;
    return divergence - term(last / all, q) + term((last + all - inside) / all, q);
  }

  private static double term(double p, double q) {
    return p > 0 ? p * Math.log(p / q) : 0;
  }
}
