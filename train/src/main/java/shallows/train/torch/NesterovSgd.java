package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Stochastic gradient descent with Nesterov momentum and weight decay in PyTorch's form (the
 * learning rate stays outside the velocity, so changing it acts at once):
 *
 * <pre>
 *   d = g + λ·w
 *   v ← μ·v + d
 *   w ← w − η·(d + μ·v)
 * </pre>
 *
 * with gradient g, weight w, velocity v (zero at first), weight decay λ, momentum μ and learning
 * rate η. Every parameter decays, batch norm and biases too, as in Huang et al. 2016.
 *
 * <p>A group that was off in a step is left alone: no gradient reached it, so it neither decays nor
 * coasts on its velocity. (The paper's own code gives it a gradient of zero and so does both; then
 * the deep blocks, which are off half of the time, decay twice as much per step trained.)
 */
final class NesterovSgd {
  private final List<NDArray> weights;
  private final List<NDArray> velocities;

  /**
   * @param weights views of the groups of parameters, changed in place
   * @param velocities the same for v
   */
  NesterovSgd(List<NDArray> weights, List<NDArray> velocities) {
    this.weights = weights;
    this.velocities = velocities;
  }

  /**
   * @param gradients by group; used up
   * @param active by group, whether it took part in the step
   */
  void update(List<NDArray> gradients, boolean[] active, StepRates rates, NDManager manager) {
    try (NDManager step = manager.newSubManager()) {
      NDArray decay = step.create((float) rates.weightDecay());
      NDArray momentum = step.create((float) rates.momentum());
      NDArray learningRate = step.create((float) rates.learningRate());
      for (int group = 0; group < active.length; group++) {
        if (active[group] && gradients.get(group).size() > 0) {
          update(
              weights.get(group),
              velocities.get(group),
              gradients.get(group),
              decay,
              momentum,
              learningRate);
        }
      }
    }
  }

  private static void update(
      NDArray w, NDArray v, NDArray d, NDArray decay, NDArray momentum, NDArray learningRate) {
    try (NDArray decayed = w.mul(decay)) {
      d.addi(decayed);
    }
    v.muli(momentum).addi(d);
    try (NDArray move = v.mul(momentum)) {
      move.addi(d).muli(learningRate);
      w.subi(move);
    }
  }
}
