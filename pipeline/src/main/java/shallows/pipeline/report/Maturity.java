package shallows.pipeline.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingPhase;

/**
 * Whether the full network had learned enough for pruning to say something about its blocks, and
 * what to do where it had not.
 *
 * @param report of the run
 */
record Maturity(Report report) {
  /**
   * How much of the way from guessing to every image right a network must have gone. Below half of
   * it, more is still to be learned than is learned, so that blocks look useless which the rest of
   * the training would put to use.
   */
  private static final double LEAST_LEARNED = 0.5;

  /** The last epochs, as a share of all. */
  private static final double LAST = 0.2;

  /** Fewer points are not asked of test images, however few may be lost. */
  private static final double FINEST_POINTS = 1;

  /** Accuracy of guessing among classes that are equally frequent, as a fraction. */
  double guessing() {
    return 1.0 / report.classes().size();
  }

  boolean isPoor() {
    return report.verification().expectationAccuracy() < leastAccuracy();
  }

  /** What to do, a sentence or two each; empty where nothing speaks against the run. */
  List<String> advice() {
    List<String> advice = new ArrayList<>();
    if (isPoor()) {
      advice.add(
          "Below "
              + Figures.percent(leastAccuracy())
              + ", half of the way from guessing to every image right, more is still to be learned"
              + " than is learned"
              + (report.hasBlocks() ? ", and blocks look useless that are not. " : ". ")
              + (report.training().isEmpty()
                  ? "Check labels and normalization, or train the network on first."
                  : "Train for more epochs or on more images first."));
    }
    lateGain().ifPresent(advice::add);
    smallest()
        .filter(difference -> report.verification().originalAccuracy() == null)
        .filter(difference -> difference.lost() < 0 && !difference.isWithinChance())
        .ifPresent(
            difference ->
                advice.add(
                    (report.hasBlocks() ? "The pruned" : "The fine-tuned")
                        + " network is better than the full one by more than chance: its"
                        + " fine-tuning went on with a training that was not at its end. Train for"
                        + " more epochs"
                        + (report.hasBlocks() ? ", then prune again." : ".")));
    smallest()
        .filter(
            difference ->
                100 * difference.margin()
                    > 2 * Math.max(FINEST_POINTS, report.verification().maxDrop()))
        .ifPresent(
            difference ->
                advice.add(
                    Figures.whole(report.testImages())
                        + " test images leave \u00b1"
                        + Figures.points(difference.margin())
                        + " points to chance, more than twice what may be lost: take more of"
                        + " them."));
    return advice;
  }

  /**
   * Held-out accuracy still rises where the last fifth of the epochs brought more than pruning may
   * lose, and more than chance: as much again would then outweigh what pruning decides about.
   */
  private Optional<String> lateGain() {
    List<Epoch> epochs = report.training();
    // Those of a new classifier alone are quick, and many; what is asked is about the network.
    int count =
        (int) epochs.stream().filter(epoch -> epoch.phase() == TrainingPhase.NETWORK).count();
    int last = (int) Math.ceil(LAST * count);
    if (last == 0) {
      return Optional.empty();
    }
    boolean sinceTheStart = epochs.size() == last;
    if (sinceTheStart && report.run().imported() != null) {
      // Before the first epoch somebody else's network does what no epoch tells.
      return Optional.empty();
    }
    double end = epochs.get(epochs.size() - 1).heldOutAccuracy();
    // Before the first epoch one of ours guesses.
    double before =
        sinceTheStart ? guessing() : epochs.get(epochs.size() - 1 - last).heldOutAccuracy();
    if (100 * (end - before) <= report.verification().maxDrop()
        || end - before <= Answer.halfInterval(end, report.heldOutImages())) {
      return Optional.empty();
    }
    return Optional.of(
        "Held-out accuracy still rose by "
            + Figures.points(end - before)
            + " points in "
            + (count == 1
                ? "the only epoch"
                : last == 1
                    ? "the last of " + count + " epochs"
                    : "the last " + last + " of " + count + " epochs")
            + ", more than the "
            + Figures.fixed(report.verification().maxDrop(), 1)
            + " that pruning may lose. Train for more epochs.");
  }

  private double leastAccuracy() {
    return guessing() + LEAST_LEARNED * (1 - guessing());
  }

  private Optional<Difference> smallest() {
    return report
        .smallestPassing()
        .map(file -> Difference.of(report.check(file), report.testImages()));
  }
}
