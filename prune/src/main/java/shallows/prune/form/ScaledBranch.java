package shallows.prune.form;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.model.graph.Block;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.train.inference.LayerMoments;

/**
 * Puts one factor and one offset a channel in the place of a branch, as a depthwise 1x1
 * convolution. Of each channel x and what its sum lacks there, r, the factor a and the offset b
 * minimize Σ (a·x + b − r)² + λ·a², with λ as for a layer ({@link LayerFit}):
 *
 * <pre>  a = (Σ x·r − Σ x·Σ r / n) / (Σ x² − (Σ x)² / n + λ)   and   b = (Σ r − a·Σ x) / n</pre>
 */
final class ScaledBranch {
  private ScaledBranch() {}

  /** The convolution of a block that got one. */
  static String layer(Block block) {
    return block.name() + "/scaled";
  }

  static boolean isScaled(Graph graph, Block block) {
    return graph.hasNode(layer(block));
  }

  /**
   * Empty where the branch has another shape than what it reads.
   *
   * @param linear with a {@link LinearBranch} in the branch's place
   * @param moments of that branch's convolution, whose weights are zeros
   */
  static Optional<Graph> of(Graph linear, Block block, LayerMoments moments) {
    Node convolution = linear.node(LinearBranch.layer(block));
    String x = convolution.inputs().get(0);
    if (!linear.shape(x).equals(linear.shape(convolution.name()))) {
      return Optional.empty();
    }
    double factor = FittedLayer.atEnd(linear, block).orElseThrow().factor();
    int channels = moments.outputs();
    float[] weight = new float[channels];
    float[] bias = new float[channels];
    double ridge = LayerFit.ridge(moments);
    int last = moments.size() - 1;
    double rows = moments.gram(last, last);
    for (int c = 0; c < channels; c++) {
      double sum = moments.gram(last, c);
      double square = moments.gram(c, c);
      double lacking = moments.cross()[last * channels + c];
      double product = moments.cross()[c * channels + c];
      double slope = (product - sum * lacking / rows) / (square - sum * sum / rows + ridge);
      weight[c] = (float) (slope / factor);
      bias[c] = (float) ((lacking - slope * sum) / rows / factor);
    }
    return Optional.of(inserted(linear, block, x, weight, bias));
  }

  private static Graph inserted(Graph graph, Block block, String x, float[] weight, float[] bias) {
    String layer = layer(block);
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    parameters.put(layer + "/weight", new Tensor(Shape.of(weight.length, 1, 1, 1), weight));
    parameters.put(layer + "/bias", Tensor.vector(bias));
    Operation scaling =
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, weight.length, Precision.FLOAT);
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.name().equals(block.branch())) {
        nodes.add(new Node(layer, scaling, List.of(x, layer + "/weight", layer + "/bias")));
        nodes.add(node.withInputs(List.of(layer)));
      } else {
        nodes.add(node);
      }
    }
    return Rewrites.withoutDeadNodes(graph.with(nodes, graph.output(), parameters, graph.blocks()));
  }
}
