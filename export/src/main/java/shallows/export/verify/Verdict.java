package shallows.export.verify;

import java.util.Locale;
import shallows.data.evaluation.AccuracyLoss;

/**
 * Whether a file may be shipped, and why (not).
 *
 * @param reason one line
 */
record Verdict(boolean passed, String reason) {
  /**
   * A file fails where test images show that it lost more than it may, chance considered: a small
   * test set rejects none for an image or two.
   *
   * @param outputs whether they are what they should be
   * @param loss against the network that accuracy is compared with
   * @param maxDrop in points
   */
  static Verdict of(OutputMatch outputs, AccuracyLoss loss, double maxDrop) {
    if (!outputs.within()) {
      return new Verdict(false, outputs.words());
    }
    String found = text("%s on %,d images", loss.inWords(), loss.images());
    return loss.isSurelyBeyond(maxDrop, AccuracyLoss.QUANTILE)
        ? new Verdict(
            false,
            text(
                "%s: with %.0f %% confidence more than the %.2f that may be lost",
                found, 100 * AccuracyLoss.CONFIDENCE, maxDrop))
        : new Verdict(true, outputs.words() + ", " + found);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
