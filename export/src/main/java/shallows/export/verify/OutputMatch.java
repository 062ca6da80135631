package shallows.export.verify;

import java.util.Arrays;
import java.util.Locale;
import shallows.data.evaluation.Predictions;
import shallows.model.json.OrNull;

/**
 * Whether the outputs of a file are those that its network and precision call for.
 *
 * @param words what was found, beginning with «outputs»
 * @param rounding how far outputs may be from these where another runtime computes them, see {@link
 *     FileCheck}; null of a file of floats, and where nothing explains them
 */
public record OutputMatch(boolean within, String words, @OrNull Double rounding) {
  /**
   * How far outputs of floats may be from those of the graph, as a share of their range. A runtime
   * that adds the same floats in another order, through some hundred layers, stays ten times below;
   * any mistake in a writer is far above.
   */
  static final double FLOAT_TOLERANCE = 1e-5;

  /**
   * The share of integer outputs that the limit holds for in a runtime whose arithmetic is not
   * known: where a value lies in the middle between two steps, runtimes may go either way, and
   * through many layers some of that adds up.
   */
  static final double SHARE_WITHIN = 0.99;

  /**
   * Of the error of quantization, or one step where that is more. Runtimes round exact halves
   * differently, and TFLite's fixed-point arithmetic rounds twice. Each value that then comes out a
   * step apart moves others across the middle between two steps; after many layers two runtimes
   * have rounding errors of their own, e₁ and e₂ of one size e. Their difference is √2·e, and no
   * more, while e is at most the error of quantization, which has that of the weights in it too.
   */
  private static final double SHARE_OF_QUANTIZATION = Math.sqrt(2);

  /** Steps are quotients of floats. */
  private static final double ROUNDING = 1e-3;

  /**
   * Of a file of floats.
   *
   * @param difference the largest from the outputs of the graph
   * @param range of those
   */
  static OutputMatch ofFloats(double difference, double range) {
    double tolerance = FLOAT_TOLERANCE * range;
    // Turned round, so that a NaN fails.
    return difference <= tolerance
        ? new OutputMatch(
            true, text("outputs differ by %.3g of the allowed %.3g", difference, tolerance), null)
        : new OutputMatch(
            false, text("outputs differ by %.3g, more than %.3g", difference, tolerance), null);
  }

  /**
   * The share where the arithmetic is known. One value of some hundred thousand lies so near to the
   * middle between two steps that the last bit of a float decides, which a kernel for another shape
   * may round otherwise; an image in which that grows through many layers must not fail a file.
   */
  static final double SHARE_OF_KNOWN = 0.999;

  /**
   * Of a file of integers in a runtime whose arithmetic is known: one step, but for one output of a
   * thousand.
   *
   * @param found its outputs
   * @param simulated what they should be, in that arithmetic
   * @param exact those of the graph of floats
   * @param step the smallest difference that an output can have
   */
  static OutputMatch ofKnownArithmetic(
      Predictions found, Predictions simulated, Predictions exact, float step) {
    Distance distance =
        new Distance(
            mostDifferences(found, simulated, SHARE_OF_KNOWN) / step,
            distance(found, simulated, exact, step).allowed());
    return ofSteps(distance, 1, step, "simulated quantization in the runtime's arithmetic");
  }

  /**
   * Of a file of integers in a runtime that rounds by rules of its own.
   *
   * @param found its outputs
   * @param simulated what they should be
   * @param exact those of the graph of floats
   * @param step the smallest difference that an output can have
   */
  static OutputMatch ofIntegers(
      Predictions found, Predictions simulated, Predictions exact, float step) {
    Distance distance = distance(found, simulated, exact, step);
    return ofSteps(distance, distance.allowed(), step, "simulated quantization");
  }

  /**
   * How far outputs of integers are apart.
   *
   * @param steps that 99 of 100 outputs are within
   * @param allowed as many as rounding explains
   */
  public record Distance(double steps, double allowed) {}

  /**
   * Of a file of integers from what it should answer.
   *
   * @param found its outputs
   * @param expected of other arithmetic with the same integers
   * @param exact without rounding values
   * @param step the smallest difference that an output can have
   */
  public static Distance distance(
      Predictions found, Predictions expected, Predictions exact, float step) {
    double quantization = mostDifferences(expected, exact, SHARE_WITHIN) / step;
    return new Distance(
        mostDifferences(found, expected, SHARE_WITHIN) / step,
        Math.max(1, SHARE_OF_QUANTIZATION * quantization) + ROUNDING);
  }

  private static OutputMatch ofSteps(Distance distance, double allowed, float step, String from) {
    double difference = distance.steps();
    double rounding = distance.allowed() * step;
    if (!Double.isFinite(rounding)) {
      return new OutputMatch(false, "outputs of the graph of floats are no finite numbers", null);
    }
    return difference <= allowed + ROUNDING
        ? new OutputMatch(
            true,
            text(
                "outputs within %.1f of the allowed %.1f steps of %.3g from %s",
                difference, allowed, step, from),
            rounding)
        : new OutputMatch(
            false,
            text(
                "outputs differ by %.1f steps of %.3g from %s, more than %.1f",
                difference, step, from, allowed),
            rounding);
  }

  /** What a share of the differences stays within; infinite where one is a NaN. */
  private static double mostDifferences(Predictions a, Predictions b, double share) {
    int classes = b.scores()[0].length;
    double[] differences = new double[b.size() * classes];
    for (int i = 0; i < differences.length; i++) {
      double difference =
          (double) a.scores()[i / classes][i % classes] - b.scores()[i / classes][i % classes];
      if (Double.isNaN(difference)) {
        return Double.POSITIVE_INFINITY;
      }
      differences[i] = Math.abs(difference);
    }
    Arrays.sort(differences);
    return differences[(int) Math.ceil(share * differences.length) - 1];
  }

  /** The same with more words behind. */
  OutputMatch and(String remark) {
    return new OutputMatch(within, words + ", " + remark, rounding);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
