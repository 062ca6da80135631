package shallows.train.loop;

import java.util.function.Function;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.graph.Graph;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/**
 * Trains towards what a larger network says, not towards labels alone (Hinton et al. 2015,
 * "Distilling the Knowledge in a Neural Network"). With the label's distribution t and the
 * teacher's logits z, the target is
 *
 * <pre>
 *   (1 − w) · t + w · softmax(z / T)
 * </pre>
 *
 * Cross-entropy is linear in its target, so this is the loss (1 − w)·CE(t) + w·CE(softmax(z / T)).
 * The student's own logits are not divided by T; for T = 1 it is Hinton's loss.
 *
 * <p>The teacher is the full network with each branch scaled by its survival probability: the
 * expectation over the ensemble of its sub-networks, so what it says is the ensemble's averaged
 * answer, for the cost of one pass. It sees the very pixels that the student sees.
 */
public final class Distillation implements TargetRule, AutoCloseable {
  private final Options options;
  private final int classes;
  private final TorchEvaluation teacher;

  /**
   * @param weight w in [0, 1]; 0 for labels alone
   * @param temperature T, positive; the higher, the softer
   */
  public record Options(double weight, double temperature) {
    public Options {
      Expect.fraction(Setting.DISTILL, weight);
      Expect.positive(Setting.TEMPERATURE, temperature);
    }

    /** Labels alone. */
    public static Options none() {
      return new Options(0, 1);
    }

    public boolean isOn() {
      return weight > 0;
    }
  }

  public Distillation(Graph teacher, Options options, Compute compute) {
    this.options = options;
    this.classes = teacher.classes();
    this.teacher = new TorchEvaluation(teacher, compute);
  }

  /**
   * Trains with a teacher where there is something to learn from it, else towards the labels.
   *
   * @param training what to do with the rule; it is of no use afterwards
   */
  public static <T> T during(
      Graph teacher, Options options, Compute compute, Function<TargetRule, T> training) {
    if (!options.isOn()) {
      return training.apply(TargetRule.LABELS);
    }
    try (Distillation rule = new Distillation(teacher, options, compute)) {
      return training.apply(rule);
    }
  }

  @Override
  public void apply(float[] pixels, int count, float[] targets) {
    float[][] logits = teacher.logits(pixels, count);
    for (int i = 0; i < count; i++) {
      double top = Double.NEGATIVE_INFINITY;
      for (float logit : logits[i]) {
        top = Math.max(top, logit);
      }
      double sum = 0;
      double[] soft = new double[classes];
      for (int k = 0; k < classes; k++) {
        soft[k] = Math.exp((logits[i][k] - top) / options.temperature());
        sum += soft[k];
      }
      for (int k = 0; k < classes; k++) {
        int at = i * classes + k;
        targets[at] =
            (float) ((1 - options.weight()) * targets[at] + options.weight() * soft[k] / sum);
      }
    }
  }

  @Override
  public void close() {
    teacher.close();
  }
}
