package shallows.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;

/**
 * Gives a network its batch norms back where they were folded into convolutions, as exporters do.
 * Without them nothing could be re-estimated after a block was dropped, and training would have
 * nothing to hold the values in their range.
 *
 * <p>Let x be the output of a convolution, a channel of it, over some images of the original
 * network: mean μ, variance σ². Behind the convolution comes a batch norm with
 *
 * <pre>
 *   γ = √(σ² + ε),  β = μ,  stored statistics μ and σ²
 *   y = γ·(x − μ) / √(σ² + ε) + β = x
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
 * <ol>
 *   <li>Applied behind convolutions with a bias whose output is not read by a batch norm: folding
 *       leaves a bias, while convolutions before a batch norm are trained without.
 *   <li>Not applied where the output has one pixel, as in squeeze-and-excitation: statistics over
 *       images alone are too coarse, and no batch norm was there.
 *   <li>Not applied to networks without residual blocks, in which nothing is dropped.
 * </ol>
 */
public final class FoldedBatchNorm {
  /** ε in units of the mean variance of the convolution's channels: PyTorch's 1e-5 for σ² of 1. */
  private static final double RELATIVE_EPSILON = 1e-5;

  /** Where every channel is constant, ε must still be positive. */
  private static final double SMALLEST_EPSILON = 1e-12;

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
      Map<String, BatchNorm> norms = new HashMap<>();
      for (int i = 0; i < convolutions.size(); i++) {
        String conv = convolutions.get(i).name();
        norms.put(
            conv,
            new BatchNorm(
                name(conv),
                measured.get(i).parameter(name(conv) + MEAN).values(),
                measured.get(i).parameter(name(conv) + VARIANCE).values()));
      }
      return inserted(graph, norms);
    } finally {
      progress.finish();
    }
  }

  private static final String SCALE = "/scale";
  private static final String BIAS = "/bias";
  private static final String MEAN = "/mean";
  private static final String VARIANCE = "/variance";

  private static String name(String convolution) {
    return convolution + "/restored-norm";
  }

  /** A batch norm that changes nothing where the mean is μ and the variance σ². */
  private record BatchNorm(String name, float[] mean, float[] variance) {
    float epsilon() {
      double sum = 0;
      for (float value : variance) {
        sum += value;
      }
      return (float) Math.max(RELATIVE_EPSILON * sum / variance.length, SMALLEST_EPSILON);
    }

    Node node(String x) {
      return new Node(
          name,
          new Operation.BatchNorm(epsilon()),
          List.of(x, name + SCALE, name + BIAS, name + MEAN, name + VARIANCE));
    }

    Map<String, Tensor> parameters() {
      float[] scale = new float[variance.length];
      for (int c = 0; c < scale.length; c++) {
        scale[c] = (float) Math.sqrt((double) variance[c] + epsilon());
      }
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      parameters.put(name + SCALE, Tensor.vector(scale));
      parameters.put(name + BIAS, Tensor.vector(mean.clone()));
      parameters.put(name + MEAN, Tensor.vector(mean));
      parameters.put(name + VARIANCE, Tensor.vector(variance));
      return parameters;
    }
  }

  /**
   * A network that ends behind the convolution: a batch norm, to have its statistics measured, and
   * what makes of it a vector as all networks give.
   */
  private static Graph probe(Graph graph, Node convolution) {
    int channels = graph.shape(convolution.name()).dimension(0);
    float[] ones = new float[channels];
    Arrays.fill(ones, 1f);
    BatchNorm norm = new BatchNorm(name(convolution.name()), new float[channels], ones);
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

  private static Graph inserted(Graph graph, Map<String, BatchNorm> norms) {
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    for (Node node : graph.nodes()) {
      nodes.add(node.withInputs(node.inputs().stream().map(i -> renamed(i, norms)).toList()));
      BatchNorm norm = norms.get(node.name());
      if (norm != null) {
        nodes.add(norm.node(node.name()));
        parameters.putAll(norm.parameters());
      }
    }
    return new Graph(
        graph.name(),
        graph.input(),
        nodes,
        renamed(graph.output(), norms),
        parameters,
        graph.blocks().stream()
            .map(
                block ->
                    new Block(
                        block.name(),
                        renamed(block.shortcut(), norms),
                        renamed(block.branch(), norms),
                        block.sum()))
            .toList(),
        graph.task(),
        graph.metadata());
  }

  private static String renamed(String value, Map<String, BatchNorm> norms) {
    BatchNorm norm = norms.get(value);
    return norm == null ? value : norm.name();
  }
}
