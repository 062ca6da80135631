package shallows.pipeline.report;

import java.util.Locale;
import shallows.export.verify.Augmented;
import shallows.export.verify.Latency;

/** What several copies of an image bring and cost. */
public final class AugmentedWords {
  private AugmentedWords() {}

  /**
   * @param accuracy for the image alone, in [0, 1]
   * @param alone latency for the image alone
   */
  public static String of(Augmented found, double accuracy, Latency alone) {
    return String.format(
        Locale.ROOT,
        "%.2f %% (%+.2f points: %s won, %s lost), %.3f ms for an image, %.1f times as long",
        100 * found.accuracy(),
        100 * (found.accuracy() - accuracy),
        Words.count(found.won()),
        Words.count(found.lost()),
        found.latencyMs().median(),
        found.latencyMs().median() / alone.median());
  }
}
