package shallows.prune;

/**
 * What a plan was made for, and what came of it.
 *
 * @param budget in words, for example {@code at most 100,000 bytes of weights}
 * @param bytes of the planned network, of what {@code bytesOf} says
 * @param bytesOf for example {@code bytes of weights}
 * @param macs for one image
 * @param latencyMs for one image; null where no limit asked for it
 * @param latencyOf what was timed and where; null likewise
 * @param cutAccuracy on held-out images with batch norm re-estimated, before any fine-tuning; in
 *     [0, 1]
 * @param heldOutAccuracy on the same images after fine-tuning
 * @param fullHeldOutAccuracy of the network that it is compared with, on them: the full one, or
 *     where that went on from somebody else's, theirs
 * @param lossStandardError of the difference of these two accuracies, see {@link AccuracyLoss};
 *     null in plans of before
 * @param lossAtMost what that difference is at most with 80 % confidence, in [-1, 1]; null likewise
 * @param fineTuning in words, for example {@code 6 epochs, distilled at temperature 2}
 */
public record PlanSummary(
    String budget,
    long bytes,
    String bytesOf,
    long macs,
    Double latencyMs,
    String latencyOf,
    double cutAccuracy,
    double heldOutAccuracy,
    double fullHeldOutAccuracy,
    Double lossStandardError,
    Double lossAtMost,
    String fineTuning) {}
