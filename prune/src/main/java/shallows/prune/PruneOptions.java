package shallows.prune;

import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.train.Compute;
import shallows.train.Distillation;

/**
 * How to prune.
 *
 * @param budget what must be reached, or may be lost
 * @param fineTuneEpochs how often the training images are seen afterwards, at least 0
 * @param binarize whether blocks that stay may get one bit a weight
 * @param distillation whether fine-tuning learns from the full network too
 * @param seed of shuffling and augmentation in fine-tuning
 */
public record PruneOptions(
    Budget budget,
    int fineTuneEpochs,
    boolean binarize,
    Distillation.Options distillation,
    long seed,
    Compute compute) {
  public PruneOptions {
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException(
          "fineTuneEpochs must be at least 0, found " + fineTuneEpochs);
    }
  }

  /** Of labels alone. */
  public PruneOptions(
      Budget budget, int fineTuneEpochs, boolean binarize, long seed, Compute compute) {
    this(budget, fineTuneEpochs, binarize, Distillation.Options.none(), seed, compute);
  }

  FineTuning fineTuning(Graph full, LabelledImages train, LabelledImages heldOut) {
    return new FineTuning(train, heldOut, fineTuneEpochs, seed, full, distillation, compute);
  }
}
