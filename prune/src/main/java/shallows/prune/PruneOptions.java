package shallows.prune;

import shallows.model.images.LabelledImages;
import shallows.train.Compute;

/**
 * How to prune.
 *
 * @param budget what must be reached, or may be lost
 * @param fineTuneEpochs how often the training images are seen afterwards, at least 0
 * @param binarize whether blocks that stay may get one bit a weight
 * @param seed of shuffling and augmentation in fine-tuning
 */
public record PruneOptions(
    Budget budget, int fineTuneEpochs, boolean binarize, long seed, Compute compute) {
  public PruneOptions {
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException(
          "fineTuneEpochs must be at least 0, found " + fineTuneEpochs);
    }
  }

  FineTuning fineTuning(LabelledImages train, LabelledImages heldOut) {
    return new FineTuning(train, heldOut, fineTuneEpochs, seed, compute);
  }
}
