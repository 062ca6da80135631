package shallows.train;

/**
 * The learning rate of each step: a straight climb to {@code largest}, then half a cosine wave down
 * to zero (Loshchilov and Hutter 2017, "SGDR", without restarts). With w = {@code warmUpSteps}, T =
 * {@code steps} and t the step counted from 0:
 *
 * <pre>
 *   t &lt; w:  largest · (t + 1) / (w + 1)
 *   else:   largest · ½ · (1 + cos(π · (t − w) / (T − w)))
 * </pre>
 *
 * @param largest positive
 * @param warmUpSteps at least 0, fewer than {@code steps}
 * @param steps of the whole training, at least 1
 */
public record LearningRate(double largest, long warmUpSteps, long steps) {
  public LearningRate {
    if (!(largest > 0) || steps < 1 || warmUpSteps < 0 || warmUpSteps >= steps) {
      throw new IllegalArgumentException(
          "a learning rate must be positive and its warm-up shorter than the training, found "
              + largest
              + ", "
              + warmUpSteps
              + " of "
              + steps
              + " steps");
    }
  }

  static LearningRate of(TrainingOptions options, long steps) {
    long warmUpSteps = Math.min(steps - 1, Math.round(options.warmUp() * steps));
    return new LearningRate(options.learningRate(), warmUpSteps, steps);
  }

  /**
   * @param step from 0
   */
  public double at(long step) {
    if (step < warmUpSteps) {
      return largest * (step + 1) / (warmUpSteps + 1);
    }
    double share = (double) (step - warmUpSteps) / (steps - warmUpSteps);
    return largest * 0.5 * (1 + Math.cos(Math.PI * share));
  }
}
