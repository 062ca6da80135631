package shallows.export.calibrate;

/**
 * Where to cut magnitudes off so that what is left of their distribution in a few levels tells most
 * about it: the smallest Kullback-Leibler divergence of the clipped distribution from the quantized
 * one (Migacz 2017, "8-bit Inference with TensorRT").
 */
final class EntropyThreshold {
  /** Every candidate would be tried to no use: neighbours differ by a 2048th. */
  private static final int STRIDE = 16;

  private EntropyThreshold() {}

  /**
   * @param counts of magnitudes, the smallest first
   * @param levels that the magnitudes get
   * @return how many bins to keep
   */
  static int bins(double[] counts, int levels) {
    int best = counts.length;
    double least = Double.POSITIVE_INFINITY;
    for (int kept = levels; kept <= counts.length; kept += STRIDE) {
      double divergence = divergence(counts, kept, levels);
      if (divergence < least) {
        least = divergence;
        best = kept;
      }
    }
    return best;
  }

  private static double divergence(double[] counts, int kept, int levels) {
    double outside = 0;
    double all = 0;
    for (int i = 0; i < counts.length; i++) {
      outside += i >= kept ? counts[i] : 0;
      all += counts[i];
    }
    double inside = all - outside;
    if (inside <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    double divergence = 0;
    for (int level = 0; level < levels; level++) {
      int from = (int) ((long) level * kept / levels);
      int to = (int) ((long) (level + 1) * kept / levels);
      double sum = 0;
      int present = 0;
      for (int i = from; i < to; i++) {
        sum += counts[i];
        present += counts[i] > 0 ? 1 : 0;
      }
      for (int i = from; i < to; i++) {
        // The clipped distribution puts what was cut off into its last bin.
        double count = i == kept - 1 ? counts[i] + outside : counts[i];
        double p = count / all;
        // A bin that was empty gets a sliver, as its level may be empty too.
        double q = counts[i] > 0 ? sum / present / inside : 1e-9;
        divergence += p > 0 ? p * Math.log(p / q) : 0;
      }
    }
    return divergence;
  }
}
