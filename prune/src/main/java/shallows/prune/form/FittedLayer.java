package shallows.prune.form;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.train.inference.LayerMoments;

/**
 * A layer whose weights are fitted anew, and how they act on what is compared with the original
 * network: each channel of the layer is normalized and multiplied on its way there, which makes it
 * g·(Wᵀz) + h with numbers g and h of the channel.
 *
 * <p>What is compared stands before any activation, as a fit by least squares is one of what is
 * linear in the weights. At the end of a branch it is the block's sum: what the network lacks there
 * holds what its shortcut lacks, so each block repairs what those before it did. Where the branch
 * lies beside its shortcut, as in DenseNet, it is the branch.
 *
 * @param layer a convolution of one group or a fully connected layer, named
 * @param compared value
 * @param norm the batch norm on the way, null where there is none
 * @param diagonal the depthwise 1x1 convolution on the way, as of ConvNeXt's layer scale; null
 *     where there is none, or a batch norm
 * @param factor of what else is on the way, behind both
 */
record FittedLayer(String layer, String compared, String norm, String diagonal, double factor) {
  /** A branch that counts less is not worth the numbers that would come of it. */
  private static final double LEAST_FACTOR = 1e-3;

  /** The last layer of a branch; empty where something else than numbers is on its way. */
  static Optional<FittedLayer> atEnd(Graph graph, Block block) {
    Node sum = graph.node(block.sum());
    String compared = sum.operation() instanceof Operation.Add ? block.sum() : block.branch();
    Map<String, Integer> uses = graph.uses();
    String value = block.branch();
    String norm = null;
    String diagonal = null;
    double factor = 1;
    while (graph.hasNode(value) && uses.get(value) == 1) {
      Node node = graph.node(value);
      if (node.operation() instanceof Operation.Scale scale && norm == null && diagonal == null) {
        factor *= scale.factor();
      } else if (norm == null && diagonal == null && isDiagonal(graph, node)) {
        diagonal = node.name();
      } else if (norm == null
          && diagonal == null
          && node.operation() instanceof Operation.BatchNorm) {
        norm = node.name();
      } else if (!(node.operation() instanceof Operation.Dropout)) {
        boolean fits =
            canBeFitted(graph, node) && Math.abs(factor) >= LEAST_FACTOR && alone(graph, norm);
        return fits
            ? Optional.of(new FittedLayer(value, compared, norm, diagonal, factor))
            : Optional.empty();
      }
      value = node.inputs().get(0);
    }
    return Optional.empty();
  }

  /** Whether a node multiplies each channel by a number, none of them 0. */
  private static boolean isDiagonal(Graph graph, Node node) {
    if (!(node.operation() instanceof Operation.Conv2d conv) || conv.groups() == 1) {
      return false;
    }
    Tensor weight = graph.parameter(node.inputs().get(1));
    return weight.size() == conv.groups()
        && graph.shape(node.name()).equals(graph.shape(node.inputs().get(0)))
        && IntStream.range(0, weight.size()).allMatch(c -> weight.values()[c] != 0);
  }

  private static boolean alone(Graph graph, String norm) {
    return norm == null
        || graph.node(norm).inputs().stream().allMatch(i -> graph.uses().get(i) == 1);
  }

  /** A layer by itself: what it gives is compared. */
  static Optional<FittedLayer> byItself(Graph graph, Node layer) {
    return canBeFitted(graph, layer)
        ? Optional.of(new FittedLayer(layer.name(), layer.name(), null, null, 1))
        : Optional.empty();
  }

  private static boolean canBeFitted(Graph graph, Node node) {
    boolean weighs =
        node.operation() instanceof Operation.Linear
            || node.operation() instanceof Operation.Conv2d conv
                && conv.groups() == 1
                && conv.precision() == Precision.FLOAT;
    Map<String, Integer> uses = graph.uses();
    return weighs
        && node.inputs().subList(1, node.inputs().size()).stream().allMatch(p -> uses.get(p) == 1);
  }

  /**
   * What the weights are that act on what is compared, in the order of the moments, the bias last.
   */
  double[] weights(Graph graph, LayerMoments moments) {
    Node node = graph.node(layer);
    float[] weight = graph.parameter(node.inputs().get(1)).values();
    double[] weights = new double[moments.size() * moments.outputs()];
    for (int o = 0; o < moments.outputs(); o++) {
      double gain = factor * multiplied(graph, o) * gain(graph, o);
      for (int i = 0; i < moments.size() - 1; i++) {
        weights[i * moments.outputs() + o] = gain * weight[index(moments, o, i)];
      }
      weights[(moments.size() - 1) * moments.outputs() + o] =
          gain * bias(graph, o) + factor * (offset(graph, o) + added(graph, o));
    }
    return weights;
  }

  /** Where entry i of z meets output o in the weight tensor. */
  private static int index(LayerMoments moments, int o, int i) {
    int channel = i % moments.channels();
    int position = i / moments.channels();
    return (o * moments.channels() + channel) * moments.positions() + position;
  }

  private float bias(Graph graph, int o) {
    List<String> inputs = graph.node(layer).inputs();
    return inputs.size() > 2 ? graph.parameter(inputs.get(2)).values()[o] : 0;
  }

  /** What the diagonal multiplies a channel with. */
  private double multiplied(Graph graph, int o) {
    return diagonal == null ? 1 : graph.parameter(graph.node(diagonal).inputs().get(1)).values()[o];
  }

  /** What the diagonal adds to a channel. */
  private double added(Graph graph, int o) {
    if (diagonal == null || graph.node(diagonal).inputs().size() < 3) {
      return 0;
    }
    return graph.parameter(graph.node(diagonal).inputs().get(2)).values()[o];
  }

  /** γ / √(σ² + ε). */
  private double gain(Graph graph, int o) {
    return norm == null ? 1 : of(graph, 1, o) / Math.sqrt(of(graph, 4, o) + epsilon(graph));
  }

  /** β − μ·γ / √(σ² + ε). */
  private double offset(Graph graph, int o) {
    return norm == null ? 0 : of(graph, 2, o) - of(graph, 3, o) * gain(graph, o);
  }

  private double of(Graph graph, int input, int o) {
    return graph.parameter(graph.node(norm).inputs().get(input)).values()[o];
  }

  private double epsilon(Graph graph) {
    return ((Operation.BatchNorm) graph.node(norm).operation()).epsilon();
  }

  /**
   * The graph with other weights. The rows of the layer keep their lengths, and a batch norm behind
   * it gets the mean and variance that its input has on the images of the moments, so that training
   * goes on as if it had been there all the time; γ and β make up for both.
   *
   * @param weights as {@link #weights} gives them
   */
  Graph with(Graph graph, double[] weights, LayerMoments moments) {
    Node node = graph.node(layer);
    int outputs = moments.outputs();
    int size = moments.size();
    Tensor before = graph.parameter(node.inputs().get(1));
    float[] weight = new float[before.size()];
    float[] bias = new float[outputs];
    float[][] normalization = new float[4][outputs];
    Spread spread = norm == null ? null : Spread.of(weights, moments);
    for (int o = 0; o < outputs; o++) {
      double gain = factor * multiplied(graph, o);
      double stretch = norm == null ? 1 / gain : stretch(before, weights, o, outputs, size);
      for (int i = 0; i < size - 1; i++) {
        weight[index(moments, o, i)] = (float) (stretch * weights[i * outputs + o]);
      }
      double constant = weights[(size - 1) * outputs + o];
      if (norm == null) {
        bias[o] = (float) ((constant - factor * added(graph, o)) / gain);
        continue;
      }
      bias[o] = bias(graph, o);
      double mean = spread.means()[o];
      double variance = stretch * stretch * spread.variances()[o];
      normalization[0][o] = (float) (Math.sqrt(variance + epsilon(graph)) / stretch / factor);
      normalization[1][o] = (float) ((constant + mean) / factor);
      normalization[2][o] = (float) (stretch * mean + bias[o]);
      normalization[3][o] = (float) variance;
    }
    Map<String, Tensor> changed = new HashMap<>();
    changed.put(node.inputs().get(1), new Tensor(before.shape(), weight));
    if (norm != null) {
      for (int i = 0; i < 4; i++) {
        changed.put(graph.node(norm).inputs().get(i + 1), Tensor.vector(normalization[i]));
      }
    } else if (node.inputs().size() > 2) {
      changed.put(node.inputs().get(2), Tensor.vector(bias));
    } else {
      return withBias(graph.withParameters(changed), node, bias);
    }
    return graph.withParameters(changed);
  }

  /** What the row of weights is multiplied with to be as long as it was. */
  private double stretch(Tensor before, double[] weights, int o, int outputs, int size) {
    int each = before.size() / outputs;
    double old = 0;
    double fresh = 0;
    for (int i = 0; i < each; i++) {
      old += Math.pow(before.values()[o * each + i], 2);
    }
    for (int i = 0; i < size - 1; i++) {
      fresh += Math.pow(weights[i * outputs + o], 2);
    }
    return old > 0 && fresh > 0 ? Math.sqrt(old / fresh) : 1 / factor;
  }

  /**
   * Of Wᵀz, without the bias, by output.
   *
   * @param means μ
   * @param variances wᵀGw / n − μ², not negative
   */
  private record Spread(double[] means, double[] variances) {
    static Spread of(double[] weights, LayerMoments moments) {
      int outputs = moments.outputs();
      int last = moments.size() - 1;
      double[] unbiased = weights.clone();
      Arrays.fill(unbiased, last * outputs, unbiased.length, 0);
      double[] product = new double[unbiased.length];
      SymmetricMatrix.of(moments.gram(), moments.size()).addProduct(unbiased, outputs, product);
      double rows = moments.gram(last, last);
      double[] means = new double[outputs];
      double[] variances = new double[outputs];
      for (int i = 0; i < last; i++) {
        for (int o = 0; o < outputs; o++) {
          variances[o] += unbiased[i * outputs + o] * product[i * outputs + o] / rows;
        }
      }
      for (int o = 0; o < outputs; o++) {
        means[o] = product[last * outputs + o] / rows;
        variances[o] = Math.max(0, variances[o] - means[o] * means[o]);
      }
      return new Spread(means, variances);
    }
  }

  private static Graph withBias(Graph graph, Node node, float[] bias) {
    String name = node.name() + "/refitted-bias";
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.add(name);
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    parameters.put(name, Tensor.vector(bias));
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.set(nodes.indexOf(node), node.withInputs(inputs));
    return graph.with(nodes, graph.output(), parameters, graph.blocks());
  }
}
