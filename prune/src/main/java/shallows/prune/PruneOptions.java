package shallows.prune;

import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.prune.plan.Budget;
import shallows.prune.tune.FineTuning;
import shallows.train.loop.Distillation;
import shallows.train.options.Compute;
import shallows.train.options.TrainingOptions;

/**
 * How to prune.
 *
 * @param budget what must be reached, or may be lost
 * @param fineTuneEpochs how often the training images are seen afterwards, at least 0
 * @param fineTuneRate the largest learning rate then; null for that of {@link
 *     TrainingOptions#toFineTune}
 * @param binarize whether blocks that stay may get one bit a weight
 * @param forms whether blocks get other forms, fitted in closed form ({@link
 *     shallows.prune.form.Refit}), where nothing is fine-tuned
 * @param distillation whether fine-tuning learns from the full network too
 * @param training how the full network was trained, which is how it is fine-tuned, but for its rate
 */
public record PruneOptions(
    Budget budget,
    int fineTuneEpochs,
    Double fineTuneRate,
    boolean binarize,
    boolean forms,
    Distillation.Options distillation,
    TrainingOptions training,
    Compute compute) {
  public PruneOptions {
    if (fineTuneEpochs < 0) {
      throw new IllegalArgumentException(
          "fineTuneEpochs must be at least 0, found " + fineTuneEpochs);
    }
  }

  /** By the standard recipe, towards labels alone. */
  public PruneOptions(
      Budget budget, int fineTuneEpochs, boolean binarize, long seed, Compute compute) {
    this(
        budget,
        fineTuneEpochs,
        null,
        binarize,
        false,
        Distillation.Options.none(),
        TrainingOptions.standard(seed),
        compute);
  }

  public FineTuning fineTuning(Graph full, LabelledImages train, LabelledImages heldOut) {
    return new FineTuning(
        train, heldOut, fineTuneEpochs, fineTuneRate, training, full, distillation, compute);
  }
}
