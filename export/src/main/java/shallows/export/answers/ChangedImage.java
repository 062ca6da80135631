package shallows.export.answers;

import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.Expect;

/**
 * An image that one of two networks alone gets right.
 *
 * @param image its index among the test images
 * @param source its file, within the folder of the data set; or the number that it has in the set's
 *     file, counted from 0, for example {@code "#12"}
 * @param label index of the true class
 * @param before answer of the network compared with
 * @param beforeProbability that it gives that answer, in [0, 1]
 * @param after answer of this one
 * @param afterProbability likewise
 */
public record ChangedImage(
    int image,
    String source,
    int label,
    int before,
    double beforeProbability,
    int after,
    double afterProbability) {
  public ChangedImage {
    Expect.atLeast(0, "image", image);
    Expect.text("source", source);
    for (int each : new int[] {label, before, after}) {
      Expect.atLeast(0, "label, before and after", each);
    }
    Expect.fraction("beforeProbability", beforeProbability);
    Expect.fraction("afterProbability", afterProbability);
  }

  /**
   * @param first how many test images come before those of {@code truth}
   */
  static ChangedImage of(
      int i, int first, LabelledImages truth, Predictions before, Predictions after) {
    return new ChangedImage(
        first + i,
        truth.source(i),
        truth.label(i),
        before.predicted(i),
        Digits.four(before.confidence(i)),
        after.predicted(i),
        Digits.four(after.confidence(i)));
  }
}
