package shallows.data.evaluation;

import shallows.data.LabelledImages;

/**
 * How far the probability that a network gives to its answer is from how often it is right: the
 * expected calibration error of Guo et al. (2017, "On calibration of modern neural networks"). Over
 * M bins of equal width, B_m being the images whose probability lies in the m-th,
 *
 * <pre>  ECE = Σ_m |B_m|/n · |share of B_m that is right − mean probability in B_m|</pre>
 */
public final class CalibrationError {
  /** M, as in the paper. */
  public static final int BINS = 15;

  private CalibrationError() {}

  /**
   * @return in [0, 1]; an answer whose probability is no number counts as given with none
   */
  public static double of(Predictions predictions, LabelledImages truth) {
    boolean[] right = predictions.right(truth);
    double[] difference = new double[BINS];
    for (int i = 0; i < right.length; i++) {
      double probability = predictions.confidence(i);
      // (0, 1/M], (1/M, 2/M], …
      int bin = Math.max(0, (int) Math.ceil(probability * BINS) - 1);
      difference[bin] += (right[i] ? 1 : 0) - probability;
    }
    double sum = 0;
    for (double each : difference) {
      sum += Math.abs(each);
    }
    return sum / right.length;
  }
}
