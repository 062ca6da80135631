package shallows.train.evidence;

import java.util.List;

/**
 * Survival probabilities that are learned. The probability of block l is the logistic of a number
 * s_l,
 *
 * <pre>
 *   p_l = 1 / (1 + exp(−s_l)),   kept in [0.05, 0.95] and 0.8 at first
 * </pre>
 *
 * and every {@value #EVERY} steps, from step {@value #FIRST} on, s_l moves by
 *
 * <pre>
 *   η·tanh((β_l − λ·c_l) / (2·SE_l)),   η = 0.35
 * </pre>
 *
 * β_l is what {@link BlockEffects} finds the block to be worth over the last {@value #WINDOW}
 * steps, loss(off) − loss(on) in nats, SE_l its standard error, and λ·c_l the block's price ({@link
 * shallows.model.network.BlockPrice}). A block that does not pay its price fades; one that cannot
 * yet be told apart from its price hardly moves.
 *
 * <p><b>Where it comes from.</b> Let x_l be the gate of block l, one where it is on, and
 *
 * <pre>
 *   J(p) = E[loss(x)] + λ·Σ_l c_l·p_l,   x_l ~ Bernoulli(p_l), independent
 * </pre>
 *
 * The expectation is linear in each p_l, so ∂J/∂p_l = E[loss | x_l = 1] − E[loss | x_l = 0] + λ·c_l
 * = −(β_l − λ·c_l): descent raises p_l where the block is worth more than its price. The
 * score-function estimate (Williams 1992) of the first part, (loss − b)·(x_l − p_l) / (p_l·(1 −
 * p_l)) with a baseline b, has this expectation too, and is the regression of the loss on one gate
 * alone. The regression on <em>all</em> gates, with trend and difficulty of the batch, is the same
 * estimate with everything taken out of the loss that the other gates and the images explain, so
 * with a far smaller variance. It needs nothing but mask and loss, and so works where blocks are
 * really skipped. Dividing by its own standard error and passing it through tanh makes the step
 * bounded and free of the loss's scale.
 *
 * <p><b>Is the regression unbiased while p moves?</b> A gate is drawn independently of all else
 * given p at its step; what p depends on is earlier losses, through earlier estimates. The noise
 * ε_t of a step enters an estimate multiplied by x_t − p_t, whose mean given the past is zero, so
 * to first order a later p, and with it a later gate, is uncorrelated with ε_t. What remains is of
 * second order, and the centred window lets a share of 1 / 101 of it through. {@code
 * LearnedSurvivalTest} holds it to that: closed loop, many repetitions, coverage of the intervals.
 * That the probabilities differ along the window only weights its parts by p·(1 − p). But β_l is an
 * average over what the <em>other</em> blocks do, and where their p moves, so does β_l; the
 * estimate lags behind by half a window, which is slower than p can move by five updates.
 */
final class LearnedSurvival {
  /** Steps between two updates. */
  static final int EVERY = 100;

  /** Steps that an estimate looks back. */
  static final int WINDOW = 1000;

  /** Before this many steps nothing moves: the network learns too fast to say what it needs. */
  static final int FIRST = 800;

  private static final double RATE = 0.35;
  private static final double LEAST = 0.05;
  private static final double MOST = 0.95;

  private final double[] prices;
  private final double[] scores;

  /**
   * @param first probabilities at the beginning
   * @param prices λ·c_l in nats
   */
  LearnedSurvival(float[] first, double[] prices) {
    this.prices = prices.clone();
    scores = new double[first.length];
    for (int b = 0; b < scores.length; b++) {
      scores[b] = logit(Math.max(LEAST, Math.min(MOST, first[b])));
    }
  }

  /** Whether there is an update after this many steps. */
  static boolean isDue(long steps) {
    return steps >= FIRST && steps % EVERY == 0;
  }

  /** Moves by what the last steps of the log say. A block they say nothing of stays. */
  void update(StepLog log) {
    List<BlockEffects.Effect> effects =
        BlockEffects.estimate(log, Math.max(0, log.size() - WINDOW), log.size());
    for (int b = 0; b < scores.length; b++) {
      BlockEffects.Effect effect = effects.get(b);
      if (effect.effect() != null && effect.standardError() > 0) {
        double gain = (effect.effect() - prices[b]) / (2 * effect.standardError());
        double moved = scores[b] + RATE * Math.tanh(gain);
        scores[b] = Math.max(logit(LEAST), Math.min(logit(MOST), moved));
      }
    }
  }

  /** p_l of every block. */
  float[] probabilities() {
    float[] probabilities = new float[scores.length];
    for (int b = 0; b < scores.length; b++) {
      probabilities[b] = (float) (1 / (1 + Math.exp(-scores[b])));
    }
    return probabilities;
  }

  /** s_l of every block, a copy. */
  double[] scores() {
    return scores.clone();
  }

  /** Goes back to earlier s_l. */
  void restore(double[] earlier) {
    if (earlier.length != scores.length) {
      throw new IllegalArgumentException(
          "expected a score for each of " + scores.length + " blocks, found " + earlier.length);
    }
    System.arraycopy(earlier, 0, scores, 0, scores.length);
  }

  private static double logit(double p) {
    return Math.log(p / (1 - p));
  }
}
