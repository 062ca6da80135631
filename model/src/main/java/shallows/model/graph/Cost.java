package shallows.model.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a network, or a part of one, costs whoever runs it.
 *
 * <p>Counted as the papers' tables do: a convolution or a fully connected layer costs one
 * multiply-accumulate (MAC) for each weight and each position it is applied at; batch norm, sums
 * and activations cost none.
 *
 * @param parameters trained numbers: weights, biases, γ and β. Batch norm's running statistics are
 *     measured, not trained, and do not count
 * @param macs for one image
 * @param bytes of the weights as stored: 4 a floating-point number; for a binary convolution 1 bit
 *     a weight and 4 bytes an output channel
 */
public record Cost(long parameters, long macs, long bytes) {
  /**
   * Of a network as it ships: of the zeros that dropped layers of a dense network leave, one
   * channel counts ({@link MergeZeroChannels}).
   */
  public static Cost of(Graph graph) {
    Graph merged = MergeZeroChannels.apply(graph);
    return of(merged, merged.nodes());
  }

  /**
   * Of a block's branch as it ships, which is what dropping the block saves at least: of zeros in
   * the place of a layer of a dense network those behind it read less too.
   */
  public static Cost of(Graph graph, Block block) {
    Graph merged = MergeZeroChannels.apply(graph);
    return of(merged, merged.branch(block));
  }

  /** What is more here than there. */
  public Cost less(Cost other) {
    return new Cost(parameters - other.parameters, macs - other.macs, bytes - other.bytes);
  }

  /** Of one node alone. */
  public static Cost of(Graph graph, Node node) {
    return of(graph, List.of(node));
  }

  private static Cost of(Graph graph, List<Node> nodes) {
    Set<String> seen = new HashSet<>();
    long parameters = 0;
    long macs = 0;
    long bytes = 0;
    for (Node node : nodes) {
      macs += macs(graph, node);
      for (int i = 1; i < node.inputs().size(); i++) {
        Tensor parameter = graph.parameters().get(node.inputs().get(i));
        if (parameter == null || !seen.add(node.inputs().get(i))) {
          continue;
        }
        bytes += i == 1 && isBinary(node) ? binaryBytes(parameter) : 4L * parameter.size();
        // Inputs 3 and 4 of a batch norm are its running mean and variance.
        if (!(node.operation() instanceof Operation.BatchNorm) || i < 3) {
          parameters += parameter.size();
        }
      }
    }
    return new Cost(parameters, macs, bytes);
  }

  private static long macs(Graph graph, Node node) {
    if (node.operation() instanceof Operation.Conv2d) {
      Shape out = graph.shape(node.name());
      return (long) graph.parameter(node.inputs().get(1)).size()
          * out.dimension(1)
          * out.dimension(2);
    }
    if (node.operation() instanceof Operation.Linear) {
      return graph.parameter(node.inputs().get(1)).size();
    }
    if (node.operation() instanceof Operation.Attention) {
      // Each pair of a query and a key costs the channels of both products.
      Shape queries = graph.shape(node.inputs().get(0));
      Shape values = graph.shape(node.inputs().get(2));
      return (long) queries.size() * values.dimension(2)
          + (long) values.size() * queries.dimension(2);
    }
    return 0;
  }

  private static boolean isBinary(Node node) {
    return node.operation() instanceof Operation.Conv2d conv
        && conv.precision() == Precision.BINARY;
  }

  private static long binaryBytes(Tensor weight) {
    return (weight.size() + 7L) / 8 + 4L * weight.shape().dimension(0);
  }
}
