package shallows.data.evaluation;

import java.util.ArrayList;
import java.util.List;
import shallows.data.LabelledImages;

/**
 * How far the probability that a network gives to its answer is from how often it is right: the
 * expected calibration error of Guo et al. (2017, "On calibration of modern neural networks"). Over
 * M bins of equal width, B_m being the images whose probability lies in the m-th,
 *
 * <pre>  ECE = Σ_m |B_m|/n · |share of B_m that is right − mean probability in B_m|</pre>
 *
 * @param differences of each bin, Σ over its images of 1 less the probability where the answer is
 *     right, of 0 less it where it is wrong
 * @param images n, at least 1
 */
public record CalibrationError(List<Double> differences, int images) {
  /** M, as in the paper. */
  public static final int BINS = 15;

  public CalibrationError {
    differences = List.copyOf(differences);
    if (differences.size() != BINS || images < 1) {
      throw new IllegalArgumentException(
          "expected " + BINS + " bins of at least 1 image, found " + differences.size());
    }
  }

  /** An answer whose probability is no number counts as given with none. */
  public static CalibrationError of(Predictions predictions, LabelledImages truth) {
    boolean[] right = predictions.right(truth);
    double[] difference = new double[BINS];
    for (int i = 0; i < right.length; i++) {
      double probability = predictions.confidence(i);
      // (0, 1/M], (1/M, 2/M], …
      int bin = Math.max(0, (int) Math.ceil(probability * BINS) - 1);
      difference[bin] += (right[i] ? 1 : 0) - probability;
    }
    List<Double> differences = new ArrayList<>();
    for (double each : difference) {
      differences.add(each);
    }
    return new CalibrationError(differences, right.length);
  }

  /** Of the images of both. */
  public CalibrationError plus(CalibrationError other) {
    List<Double> sums = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      sums.add(differences.get(bin) + other.differences.get(bin));
    }
    return new CalibrationError(sums, images + other.images);
  }

  /** In [0, 1]. */
  public double value() {
    return differences.stream().mapToDouble(Math::abs).sum() / images;
  }
}
