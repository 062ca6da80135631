package shallows.prune.form;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/**
 * Puts one 1x1 convolution with its batch norm in the place of a branch. Its weights are zeros, to
 * be fitted; at first the block gives what its shortcut gives.
 */
final class LinearBranch {
  private static final float EPSILON = 1e-5f;
  private static final int LARGEST_STRIDE = 4;

  private LinearBranch() {}

  /** The convolution of a block that got one. */
  static String layer(Block block) {
    return block.name() + "/linear";
  }

  static boolean isLinear(Graph graph, Block block) {
    return graph.hasNode(layer(block));
  }

  /**
   * Empty where the branch reads several values or no image, does not end in a factor, or where no
   * stride gives its size. A branch that is one already gets its zeros again.
   */
  static Optional<Graph> insert(Graph graph, Block block) {
    Optional<String> x = imageRead(graph, block);
    if (x.isEmpty()) {
      return Optional.empty();
    }
    Shape from = graph.shape(x.get());
    Shape to = graph.shape(block.branch());
    int high = stride(from.dimension(1), to.dimension(1));
    int wide = stride(from.dimension(2), to.dimension(2));
    return high == 0 || wide == 0
        ? Optional.empty()
        : Optional.of(inserted(graph, block, x.get(), new Extent(high, wide)));
  }

  /**
   * The one image that a branch is made of, where it makes one image of it that ends in a factor.
   */
  private static Optional<String> imageRead(Graph graph, Block block) {
    Set<String> branch = new HashSet<>();
    Set<String> read = new HashSet<>();
    for (Node node : graph.branch(block)) {
      branch.add(node.name());
      read.addAll(node.inputs());
    }
    read.removeIf(value -> branch.contains(value) || graph.parameters().containsKey(value));
    boolean scaled =
        branch.contains(block.branch())
            && graph.node(block.branch()).operation() instanceof Operation.Scale;
    return scaled && read.size() == 1
        ? read.stream()
            .filter(x -> graph.shape(x).rank() == 3 && graph.shape(block.branch()).rank() == 3)
            .findFirst()
        : Optional.empty();
  }

  /** 0 where there is none. */
  private static int stride(int from, int to) {
    for (int stride = 1; stride <= LARGEST_STRIDE; stride++) {
      if ((from - 1) / stride + 1 == to) {
        return stride;
      }
    }
    return 0;
  }

  private static Graph inserted(Graph graph, Block block, String x, Extent stride) {
    String layer = layer(block);
    String norm = layer + "/norm";
    int inputs = graph.shape(x).dimension(0);
    int outputs = graph.shape(block.branch()).dimension(0);
    float[] ones = new float[outputs];
    Arrays.fill(ones, 1);
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    List<String> names =
        List.of(norm + "/scale", norm + "/bias", norm + "/mean", norm + "/variance");
    parameters.put(
        layer + "/weight",
        new Tensor(Shape.of(outputs, inputs, 1, 1), new float[outputs * inputs]));
    parameters.put(names.get(0), Tensor.vector(ones));
    parameters.put(names.get(1), Tensor.vector(new float[outputs]));
    parameters.put(names.get(2), Tensor.vector(new float[outputs]));
    parameters.put(names.get(3), Tensor.vector(ones));
    List<Node> nodes = new ArrayList<>();
    List<Block> inside = PlanApplication.inside(graph, block);
    for (Node node : graph.nodes()) {
      if (!node.name().equals(block.branch())) {
        // One that is there already goes with the branch that it is.
        if (!node.name().equals(layer) && !node.name().equals(norm)) {
          nodes.add(node);
        }
        continue;
      }
      Operation convolution =
          new Operation.Conv2d(stride, Extent.ZERO, Extent.ONE, 1, Precision.FLOAT);
      nodes.add(new Node(layer, convolution, List.of(x, layer + "/weight")));
      List<String> normalized = new ArrayList<>(List.of(layer));
      normalized.addAll(names);
      nodes.add(new Node(norm, new Operation.BatchNorm(EPSILON), normalized));
      nodes.add(node.withInputs(List.of(norm)));
    }
    return Rewrites.withoutDeadNodes(
        graph.with(
            nodes,
            graph.output(),
            parameters,
            graph.blocks().stream().filter(b -> !inside.contains(b)).toList()));
  }
}
