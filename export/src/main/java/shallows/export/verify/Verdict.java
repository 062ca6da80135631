package shallows.export.verify;

import java.util.Locale;

/**
 * Whether a file may be shipped, and why (not).
 *
 * @param reason one line
 */
record Verdict(boolean passed, String reason) {
  /**
   * @param outputs whether they are what they should be
   * @param accuracy in [0, 1]
   * @param leastAccuracy that is asked for
   */
  static Verdict of(OutputMatch outputs, double accuracy, double leastAccuracy) {
    if (!outputs.within()) {
      return new Verdict(false, outputs.words());
    }
    // Turned round, so that a NaN fails.
    if (!(accuracy >= leastAccuracy)) {
      return new Verdict(
          false,
          text(
              "accuracy %.4f is below the %.4f that --max-drop asks for", accuracy, leastAccuracy));
    }
    return new Verdict(
        true,
        text("%s, accuracy %.4f of the least %.4f", outputs.words(), accuracy, leastAccuracy));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
