package shallows.export.verify;

import java.util.Locale;

/**
 * Whether a file may be shipped, and why (not).
 *
 * @param reason one line
 */
record Verdict(boolean passed, String reason) {
  /**
   * @param difference the largest from the outputs of the graph
   * @param tolerance for it
   * @param accuracy in [0, 1]
   * @param leastAccuracy that is asked for
   */
  static Verdict of(double difference, double tolerance, double accuracy, double leastAccuracy) {
    // Turned round, so that a NaN fails.
    if (!(difference <= tolerance)) {
      return new Verdict(
          false, text("outputs differ by %.3g, more than %.3g", difference, tolerance));
    }
    if (!(accuracy >= leastAccuracy)) {
      return new Verdict(
          false,
          text(
              "accuracy %.4f is below the %.4f that --max-drop asks for", accuracy, leastAccuracy));
    }
    return new Verdict(
        true,
        text(
            "outputs differ by %.3g of the allowed %.3g, accuracy %.4f of the least %.4f",
            difference, tolerance, accuracy, leastAccuracy));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
