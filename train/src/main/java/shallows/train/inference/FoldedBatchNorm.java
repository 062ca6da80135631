package shallows.train.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.data.LabelledImages;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.options.Compute;

/**
 * Gives a network its batch norms back where they were folded into convolutions, as exporters do.
 * Without them nothing could be re-estimated after a block was dropped, and training would have
 * nothing to hold the values in their range.
 *
 * <p>Let x be the output of a convolution, a channel of it, over some images of the original
 * network: mean μ, variance σ². Behind the convolution comes a batch norm with
 *
 * <pre>
 *   W ← s·W,  b ← s·b,  so that x becomes s·x;  stored statistics s·μ and s²·σ²
 *   γ = √(s²·σ² + ε) / s,  β = μ
 *   y = γ·(s·x − s·μ) / √(s²·σ² + ε) + β = x
 * </pre>
 *
 * so the network computes what it did, up to rounding. When a block before it is dropped, x becomes
 * x' with μ' and σ'², and {@link BatchNormStatistics} stores those:
 *
 * <pre>
 *   y' = γ·(x' − μ') / √(σ'² + ε) + β,  with mean β = μ and variance γ²·σ'² / (σ'² + ε) ≈ σ²
 * </pre>
 *
 * Each channel's mean and variance after the change are those of the original network at the same
 * place. Folded again on export, this is the correction W ← W·γ/√(σ'² + ε), b ← (b − μ')·γ/√(σ'² +
 * ε) + μ of the convolution's scales and biases. And it is what re-estimation does to a network
 * whose batch norms were never folded: there γ and β are the trained ones, and over the training
 * images the mean of y is β and its variance γ² likewise.
 *
 * <p>The s of a channel matters to training alone. Behind a batch norm the length of W changes no
 * output, but a step of the optimizer turns W by about the learning rate over |W|² (van Laarhoven
 * 2017, "L2 Regularization versus Batch and Weight Normalization"). Folding has put γ/σ into W: the
 * smaller the γ of a channel, the shorter its W, and the same learning rate would throw it far from
 * what it had learned. So s = √2 / |W|, the length that weights begin with (He et al. 2015), and
 * the γ that was folded is a γ again.
 *
 * <ol>
 *   <li>Applied behind convolutions with a bias whose output is not read by a batch norm: folding
 *       leaves a bias, while convolutions before a batch norm are trained without.
 *   <li>Not applied where the output has one pixel, as in squeeze-and-excitation: statistics over
 *       images alone are too coarse, and no batch norm was there.
 *   <li>Not applied to networks without residual blocks, in which nothing is dropped.
 * </ol>
 */
public final class FoldedBatchNorm {
  /** |W| of a channel in {@code Layers}: √(2 / n) in each of its n weights. */
  private static final double LENGTH = Math.sqrt(2);

  /** Of the longest; a channel that is as good as dead is not made alive. */
  private static final double SHORTEST = 1e-3;

  private FoldedBatchNorm() {}

  /** The convolutions that a batch norm was folded into, by the rules above. */
  static List<Node> convolutions(Graph graph) {
    if (graph.blocks().isEmpty()) {
      return List.of();
    }
    Set<String> normalized = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        normalized.add(node.inputs().get(0));
      }
    }
    return graph.nodes().stream()
        .filter(node -> node.operation() instanceof Operation.Conv2d)
        .filter(node -> node.inputs().size() > 2 && !normalized.contains(node.name()))
        .filter(node -> area(graph.shape(node.name())) > 1)
        .toList();
  }

  private static int area(Shape shape) {
    return shape.dimension(1) * shape.dimension(2);
  }

  /**
   * The same network with a batch norm behind each such convolution.
   *
   * @param images to measure on, as {@link BatchNormStatistics} does
   */
  public static Graph restore(
      Graph graph, LabelledImages images, Compute compute, Progress progress) {
    List<Node> convolutions = convolutions(graph);
    if (convolutions.isEmpty()) {
      return graph;
    }
    List<Graph> probes = convolutions.stream().map(conv -> probe(graph, conv)).toList();
    progress.start("batch norm", BatchNormStatistics.images(graph, images));
    try {
      List<Graph> measured =
          BatchNormStatistics.reestimate(graph, probes, images, compute, progress);
      Map<String, RestoredNorm> norms = new HashMap<>();
      for (int i = 0; i < convolutions.size(); i++) {
        String conv = convolutions.get(i).name();
        norms.put(
            conv,
            RestoredNorm.measured(conv, stretch(graph, convolutions.get(i)), measured.get(i)));
      }
      return inserted(graph, norms);
    } finally {
      progress.finish();
    }
  }

  /** s of each channel; 1 where the parameters serve another convolution too. */
  private static double[] stretch(Graph graph, Node convolution) {
    Tensor weight = graph.parameter(convolution.inputs().get(1));
    Map<String, Integer> uses = graph.uses();
    boolean alone = convolution.inputs().subList(1, 3).stream().allMatch(p -> uses.get(p) == 1);
    int channels = weight.shape().dimension(0);
    double[] stretch = new double[channels];
    Arrays.fill(stretch, 1);
    double[] lengths = lengths(weight);
    double longest = Arrays.stream(lengths).max().orElse(0);
    if (longest > 0 && alone) {
      for (int c = 0; c < channels; c++) {
        stretch[c] = LENGTH / Math.max(lengths[c], SHORTEST * longest);
      }
    }
    return stretch;
  }

  /** |W| of each channel. */
  private static double[] lengths(Tensor weight) {
    double[] lengths = new double[weight.shape().dimension(0)];
    int each = weight.size() / lengths.length;
    for (int i = 0; i < weight.size(); i++) {
      lengths[i / each] += (double) weight.values()[i] * weight.values()[i];
    }
    return Arrays.stream(lengths).map(Math::sqrt).toArray();
  }

  private static Tensor stretched(Tensor parameter, double[] stretch) {
    float[] values = parameter.values().clone();
    int each = values.length / stretch.length;
    for (int i = 0; i < values.length; i++) {
      values[i] *= (float) stretch[i / each];
    }
    return new Tensor(parameter.shape(), values);
  }

  /**
   * A network that ends behind the convolution: a batch norm, to have its statistics measured, and
   * what makes of it a vector as all networks give.
   */
  private static Graph probe(Graph graph, Node convolution) {
    int channels = graph.shape(convolution.name()).dimension(0);
    RestoredNorm norm = RestoredNorm.unmeasured(convolution.name(), channels);
    List<Node> nodes =
        new ArrayList<>(graph.nodes().subList(0, graph.nodes().indexOf(convolution) + 1));
    nodes.add(norm.node(convolution.name()));
    nodes.add(new Node(norm.name() + "/pool", new Operation.GlobalAveragePool(), last(nodes)));
    nodes.add(new Node(norm.name() + "/vector", new Operation.Flatten(), last(nodes)));
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    parameters.putAll(norm.parameters());
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.inputs()));
    parameters.keySet().retainAll(read);
    return Rewrites.withoutDeadNodes(
        new Graph(
            graph.name(),
            graph.input(),
            nodes,
            norm.name() + "/vector",
            parameters,
            List.of(),
            graph.task(),
            Map.of()));
  }

  private static List<String> last(List<Node> nodes) {
    return List.of(nodes.get(nodes.size() - 1).name());
  }

  private static Graph inserted(Graph graph, Map<String, RestoredNorm> norms) {
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    for (Node node : graph.nodes()) {
      nodes.add(node.withInputs(node.inputs().stream().map(i -> renamed(i, norms)).toList()));
      RestoredNorm norm = norms.get(node.name());
      if (norm != null) {
        nodes.add(norm.node(node.name()));
        parameters.putAll(norm.parameters());
        for (String parameter : node.inputs().subList(1, 3)) {
          parameters.put(parameter, stretched(graph.parameter(parameter), norm.stretch()));
        }
      }
    }
    List<Block> blocks =
        graph.blocks().stream()
            .map(
                block ->
                    new Block(
                        block.name(),
                        renamed(block.shortcut(), norms),
                        renamed(block.branch(), norms),
                        block.sum()))
            .toList();
    return graph.with(nodes, renamed(graph.output(), norms), parameters, blocks);
  }

  private static String renamed(String value, Map<String, RestoredNorm> norms) {
    RestoredNorm norm = norms.get(value);
    return norm == null ? value : norm.name();
  }
}
