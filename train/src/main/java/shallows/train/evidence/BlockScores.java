package shallows.train.evidence;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hipparchus.stat.StatUtils;
import shallows.data.LabelledImages;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;
import shallows.train.engine.Gates;
import shallows.train.engine.Randomness;
import shallows.train.engine.StepInput;
import shallows.train.engine.TorchTraining;
import shallows.train.options.Batching;
import shallows.train.options.Compute;

/**
 * What gradients and weights say about blocks, for comparison with {@link BlockEffects} and with
 * {@link LeaveOneOut}.
 *
 * <p><b>Taylor</b> (Molchanov et al. 2017, "Pruning Convolutional Neural Networks for Resource
 * Efficient Inference", equation 6). Let a factor z stand before the branch of a block, whose value
 * is a. The loss without the branch is, to first order,
 *
 * <pre>
 *   L(z = 0) ≈ L(z = 1) − ∂L/∂z,    ∂L/∂z = Σ ∂L/∂a · a
 * </pre>
 *
 * and the score is the mean over batches of |∂L/∂z|. The sum over all activations need not be
 * formed: where the branch ends in an operation that is linear in its parameters θ (γ and β of a
 * batch norm, weight and bias of a convolution), multiplying all of θ by z multiplies a by z, so
 *
 * <pre>
 *   ∂L/∂z = Σ_θ ∂L/∂θ · θ
 * </pre>
 *
 * exactly, also through factors and ReLUs behind it, which are homogeneous.
 *
 * <p><b>Second order.</b> One term more, with g = ∂L/∂z of one image:
 *
 * <pre>
 *   L(z = 0) − L(z = 1) ≈ −E[g] + ½·∂²L/∂z² ≈ −E[g] + ½·E[g²]
 * </pre>
 *
 * where the Fisher information E[g²] stands for the curvature, as it does for a loss that is a
 * negative log-likelihood near its minimum (Theis et al. 2018, "Faster gaze prediction with dense
 * networks and Fisher pruning"). They leave the first term out, since training has brought it to
 * zero; on images that were not trained on it is not zero, and says how far the block is fitted to
 * those that were. So this is leave-one-out, in nats, foretold by one pass over the images for all
 * blocks together. Gradients come for batches of B images, G their mean, so with the mean and the
 * variance over batches
 *
 * <pre>
 *   E[g] = mean(G),    E[g²] = mean(G)² + v,    v = B·var(G)
 * </pre>
 *
 * for which the batches should be small and many. From n images the mean has the variance v / n,
 * and where it is not much larger than that, it is mostly chance. So it counts with the share λ of
 * its square that is not chance, over all blocks b, each in units of its own spread (the empirical
 * Bayes of Efron and Morris 1973, "Stein's estimation rule and its competitors"):
 *
 * <pre>
 *   score = −λ·E[g] + ½·E[g²],    λ = max(0, 1 − 1 / (n·mean_b(mean(G_b)² / v_b)))
 * </pre>
 *
 * <p><b>L1</b> (Li et al. 2017, "Pruning Filters for Efficient ConvNets"): the mean of |W| over all
 * weights of the branch. <b>|γ|</b> (Liu et al. 2017, "Network Slimming"): its mean over the
 * channels of the batch norm that the branch ends in.
 */
public final class BlockScores {
  /** Images a gradient is taken over: few, for the variance, but enough for batch norm. */
  static final int BATCH = 16;

  private BlockScores() {}

  /**
   * The scores of one block, each the higher the more the block is taken to matter.
   *
   * @param taylor in nats; null where the branch does not end in something linear in its parameters
   * @param secondOrder in nats, negative where dropping the block helps; null with {@code taylor},
   *     and for fewer than two batches
   * @param l1 mean absolute weight; null for a branch without weights
   * @param gamma mean |γ|; null where no batch norm ends the branch
   */
  public record Score(Double taylor, Double secondOrder, Double l1, Double gamma) {}

  /**
   * @param images to take gradients on, in batches of {@value #BATCH}; a last part of a batch is
   *     left out
   * @return by name of the block, shallowest first
   */
  public static Map<String, Score> measure(Graph graph, LabelledImages images, Compute compute) {
    int size = Math.min(BATCH, images.size());
    Map<String, double[]> slopes = slopes(graph, images, size, compute);
    Map<String, Double> secondOrder = secondOrder(slopes, size);
    Map<String, Score> scores = new LinkedHashMap<>();
    for (Block block : graph.blocks()) {
      double[] slope = slopes.get(block.name());
      scores.put(
          block.name(),
          new Score(
              slope == null ? null : Arrays.stream(slope).map(Math::abs).average().orElseThrow(),
              secondOrder.get(block.name()),
              l1(graph, block),
              gamma(graph, block)));
    }
    return scores;
  }

  /**
   * The second order of the class comment.
   *
   * @param slopes ∂L/∂z of each batch, by block
   * @param size images of a batch, B
   * @return by block; empty for fewer than two batches
   */
  static Map<String, Double> secondOrder(Map<String, double[]> slopes, int size) {
    Map<String, Double> scores = new LinkedHashMap<>();
    if (slopes.isEmpty() || slopes.values().iterator().next().length < 2) {
      return scores;
    }
    double real = realShare(slopes.values());
    slopes.forEach(
        (block, slope) -> {
          double mean = StatUtils.mean(slope);
          double variance = StatUtils.variance(slope);
          scores.put(block, -real * mean + 0.5 * (mean * mean + size * variance));
        });
    return scores;
  }

  /** λ of the class comment. */
  private static double realShare(Collection<double[]> slopes) {
    double ratio =
        slopes.stream()
            .filter(slope -> StatUtils.variance(slope) > 0)
            // n / v is the number of batches by their variance.
            .mapToDouble(
                slope ->
                    slope.length
                        * StatUtils.mean(slope)
                        * StatUtils.mean(slope)
                        / StatUtils.variance(slope))
            .average()
            .orElse(0);
    return ratio > 1 ? 1 - 1 / ratio : 0;
  }

  /** ∂L/∂z of each batch, by block; blocks that do not end in something linear are left out. */
  private static Map<String, double[]> slopes(
      Graph graph, LabelledImages images, int size, Compute compute) {
    int batches = images.size() / size;
    Map<String, List<String>> ends = new LinkedHashMap<>();
    for (Block block : graph.blocks()) {
      List<String> parameters = lastParameters(graph, block);
      if (!parameters.isEmpty()) {
        ends.put(block.name(), parameters);
      }
    }
    Map<String, double[]> slopes = new LinkedHashMap<>();
    ends.keySet().forEach(block -> slopes.put(block, new double[batches]));
    Normalization normalization = graph.task().normalization();
    // Image folders come class by class, and batch norm must not see one class alone.
    int[] order = Randomness.order(images.size(), 0, 0);
    float[] pixels = new float[size * images.imageBytes()];
    try (TorchTraining network =
        new TorchTraining(graph, Batching.inParts(BATCH).parts(size), compute)) {
      for (int batch = 0; batch < batches; batch++) {
        int[] which = Arrays.copyOfRange(order, batch * size, (batch + 1) * size);
        images.fill(which, normalization, pixels);
        Map<String, Tensor> gradient =
            network.gradient(
                new StepInput(pixels, targets(graph, images, which), size, Gates.SCALED, 0));
        for (Map.Entry<String, List<String>> end : ends.entrySet()) {
          slopes.get(end.getKey())[batch] = product(graph, gradient, end.getValue());
        }
      }
    }
    return slopes;
  }

  private static float[] targets(Graph graph, LabelledImages images, int[] which) {
    float[] targets = new float[which.length * graph.classes()];
    for (int i = 0; i < which.length; i++) {
      targets[i * graph.classes() + images.label(which[i])] = 1;
    }
    return targets;
  }

  /** Σ_θ ∂L/∂θ · θ. */
  private static double product(
      Graph graph, Map<String, Tensor> gradient, List<String> parameters) {
    double sum = 0;
    for (String parameter : parameters) {
      float[] values = graph.parameter(parameter).values();
      float[] slopes = gradient.get(parameter).values();
      for (int i = 0; i < values.length; i++) {
        sum += (double) values[i] * slopes[i];
      }
    }
    return sum;
  }

  /** The parameters θ that the end of the branch is linear in; empty where there are none. */
  private static List<String> lastParameters(Graph graph, Block block) {
    Node last = last(graph, block);
    if (last == null) {
      return List.of();
    }
    if (last.operation() instanceof Operation.BatchNorm) {
      return last.inputs().subList(1, 3);
    }
    boolean linear =
        last.operation() instanceof Operation.Conv2d
            || last.operation() instanceof Operation.Linear;
    return linear ? last.inputs().subList(1, last.inputs().size()) : List.of();
  }

  /** The node that the branch ends in, but for homogeneous ones behind it; null outside of it. */
  private static Node last(Graph graph, Block block) {
    List<Node> branch = graph.branch(block);
    Node node = graph.hasNode(block.branch()) ? graph.node(block.branch()) : null;
    while (node != null
        && (node.operation() instanceof Operation.Scale
            || node.operation() instanceof Operation.Dropout
            || node.operation() instanceof Operation.Relu)) {
      String input = node.inputs().get(0);
      node = graph.hasNode(input) ? graph.node(input) : null;
    }
    return branch.contains(node) ? node : null;
  }

  private static Double l1(Graph graph, Block block) {
    double sum = 0;
    long count = 0;
    for (Node node : graph.branch(block)) {
      if (node.operation() instanceof Operation.Conv2d
          || node.operation() instanceof Operation.Linear) {
        float[] weights = graph.parameter(node.inputs().get(1)).values();
        sum += sumOfMagnitudes(weights);
        count += weights.length;
      }
    }
    return count == 0 ? null : sum / count;
  }

  private static Double gamma(Graph graph, Block block) {
    Node last = last(graph, block);
    if (last == null || !(last.operation() instanceof Operation.BatchNorm)) {
      return null;
    }
    float[] scale = graph.parameter(last.inputs().get(1)).values();
    return sumOfMagnitudes(scale) / scale.length;
  }

  private static double sumOfMagnitudes(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> Math.abs(values[i])).sum();
  }
}
