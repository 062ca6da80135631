package shallows.prune.plan;

import shallows.data.evaluation.AccuracyLoss;
import shallows.model.json.OrNull;

/**
 * What a plan was made for, and what came of it.
 *
 * @param budget in words, for example {@code at most 100,000 bytes of weights}
 * @param bytes of the planned network, of what {@code bytesOf} says
 * @param bytesOf for example {@code bytes of weights}
 * @param macs for one image
 * @param latencyMs for one image; null where no limit asked for it
 * @param latencyOf what was timed and where; null likewise
 * @param cutAccuracy on held-out images with batch norm re-estimated or layers fitted, before any
 *     fine-tuning; in [0, 1]
 * @param heldOutAccuracy on the same images after fine-tuning
 * @param fullHeldOutAccuracy of the network that it is compared with, on them: the full one, or
 *     where that went on from somebody else's, theirs
 * @param loss on the same images, against that network
 * @param promise what held-out images confirmed; null where they were not asked, or did not
 * @param fineTuning in words, for example {@code 6 epochs, distilled at temperature 2}
 * @param heldOutImages what these images are called, which says where their labels come from; null
 *     in plans of before it was told
 */
public record PlanSummary(
    String budget,
    long bytes,
    String bytesOf,
    long macs,
    @OrNull Double latencyMs,
    @OrNull String latencyOf,
    double cutAccuracy,
    double heldOutAccuracy,
    double fullHeldOutAccuracy,
    AccuracyLoss loss,
    @OrNull Promise promise,
    String fineTuning,
    @OrNull String heldOutImages) {

  /**
   * At most {@code maxDrop} points are lost, with a confidence that counts every look.
   *
   * @param maxDrop in points
   * @param confidence in [0, 1]
   * @param looks how many networks the held-out images were asked about
   */
  public record Promise(double maxDrop, double confidence, int looks) {}
}
