package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.train.options.Optimizer;

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
 * rate η.
 *
 * <p>A group that was off in a step is left alone with {@link Optimizer.OffBlocks#REST}: no
 * gradient reached it, so it neither decays nor coasts on its velocity. With {@link
 * Optimizer.OffBlocks#COAST} it does both, as with a gradient of zero; then the deep blocks, which
 * are off half of the time, decay twice as much per step trained.
 */
final class NesterovSgd {
  /** PyTorch's, so that a gradient of zero is not divided by. */
  private static final float NORM_EPSILON = 1e-6f;

  private final List<NDArray> weights;
  private final List<NDArray> velocities;
  private final double[] factors;

  /**
   * @param weights views of the groups of parameters, changed in place
   * @param velocities the same for v
   * @param factors of each group, what its η is of that of the step
   */
  NesterovSgd(List<NDArray> weights, List<NDArray> velocities, double... factors) {
    this.weights = weights;
    this.velocities = velocities;
    this.factors = factors;
  }

  /**
   * Scales a gradient g with ‖g‖ &gt; c down to c, in place: g ← g·min(1, c / (‖g‖ + 1e-6)), as
   * PyTorch's {@code clip_grad_norm_} does. Nothing is copied to the processor to decide it.
   *
   * @param gradient of all parameters in one array
   * @param largestNorm c, positive
   */
  static void clip(NDArray gradient, double largestNorm, NDManager manager) {
    try (NDManager step = manager.newSubManager()) {
      NDArray most = Scalar.of(largestNorm, step);
      NDArray one = Scalar.of(1, step);
      NDArray epsilon = Scalar.of(NORM_EPSILON, step);
      try (NDArray squares = gradient.square();
          NDArray sum = squares.sum();
          NDArray norm = sum.sqrt();
          NDArray divisor = norm.add(epsilon);
          NDArray ratio = most.div(divisor);
          NDArray factor = ratio.minimum(one)) {
        gradient.muli(factor);
      }
    }
  }

  /**
   * One update, in pieces of about equal size that may run side by side: no parameter is in two of
   * them, so no bit depends on how many there are.
   *
   * @param gradients by group; used up
   * @param active by group, whether it took part in the step
   * @param count how many pieces at most
   */
  List<Runnable> pieces(
      List<NDArray> gradients, boolean[] active, StepRates rates, NDManager manager, int count) {
    List<Integer> largestFirst = new ArrayList<>(moving(gradients, active, rates));
    largestFirst.sort(Comparator.comparingLong(group -> -gradients.get(group).size()));
    List<List<Integer>> pieces = new ArrayList<>();
    long[] sizes = new long[count];
    for (int piece = 0; piece < count; piece++) {
      pieces.add(new ArrayList<>());
    }
    for (int group : largestFirst) {
      int smallest = 0;
      for (int piece = 1; piece < count; piece++) {
        smallest = sizes[piece] < sizes[smallest] ? piece : smallest;
      }
      pieces.get(smallest).add(group);
      sizes[smallest] += gradients.get(group).size();
    }
    return pieces.stream()
        .<Runnable>map(groups -> () -> updateGroups(groups, gradients, rates, manager))
        .toList();
  }

  /** The groups that an update changes. */
  private static List<Integer> moving(List<NDArray> gradients, boolean[] active, StepRates rates) {
    boolean coasts = rates.optimizer().offBlocks() == Optimizer.OffBlocks.COAST;
    return IntStream.range(0, active.length)
        .filter(group -> (active[group] || coasts) && gradients.get(group).size() > 0)
        .boxed()
        .toList();
  }

  private void updateGroups(
      List<Integer> groups, List<NDArray> gradients, StepRates rates, NDManager manager) {
    Optimizer optimizer = rates.optimizer();
    try (NDManager step = manager.newSubManager()) {
      NDArray decay = Scalar.of(optimizer.weightDecay(), step);
      NDArray momentum = Scalar.of(optimizer.momentum(), step);
      Map<Double, NDArray> learningRates = new HashMap<>();
      for (int group : groups) {
        NDArray learningRate =
            learningRates.computeIfAbsent(
                factors[group], factor -> Scalar.of(factor * rates.learningRate(), step));
        NDArray w = weights.get(group);
        NDArray d = gradients.get(group);
        try (NDArray decayed = w.mul(decay)) {
          d.addi(decayed);
        }
        NDArray v = velocities.get(group);
        v.muli(momentum).addi(d);
        try (NDArray move = v.mul(momentum)) {
          move.addi(d).muli(learningRate);
          w.subi(move);
        }
      }
    }
  }
}
