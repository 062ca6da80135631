package shallows.prune;

import java.util.Set;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
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
 * @param binarize whether blocks that stay, or become narrow, may get one bit a weight; where forms
 *     are fitted, only with fine-tuning behind it
 * @param forms that blocks may get, fitted in closed form ({@link shallows.prune.form.Refit}), of
 *     {@link Form#MENU}; none for drops one by one
 * @param distillation whether fine-tuning learns from the full network too
 * @param training how the full network was trained, which is how it is fine-tuned, but for its rate
 */
public record PruneOptions(
    Budget budget,
    int fineTuneEpochs,
    Double fineTuneRate,
    boolean binarize,
    Set<Decision> forms,
    Distillation.Options distillation,
    TrainingOptions training,
    Compute compute) {
  public PruneOptions {
    forms = Set.copyOf(forms);
    if (!Form.MENU.containsAll(forms)) {
      throw new IllegalArgumentException("forms must be of " + Form.MENU + ", found " + forms);
    }
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
        Set.of(),
        Distillation.Options.none(),
        TrainingOptions.standard(seed),
        compute);
  }

  public FineTuning fineTuning(Graph full, LabelledImages train, LabelledImages heldOut) {
    return new FineTuning(
        train, heldOut, fineTuneEpochs, fineTuneRate, training, full, distillation, compute);
  }
}
