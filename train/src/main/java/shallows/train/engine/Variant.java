package shallows.train.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/**
 * A network beside the trunk that it differs from: which of its nodes the trunk computes as well. A
 * node is shared where it is the same node over the same parameters and reads only shared values;
 * so the rest, its own nodes, are those that come after a difference.
 *
 * @param graph of the network
 * @param own nodes, in topological order
 * @param reads how often its own nodes read each value of the trunk, the graph's output counting as
 *     read once more
 */
record Variant(Graph graph, List<Node> own, Map<String, Integer> reads) {
  /**
   * @param storedCount whether the stored statistics of batch norm count as parameters: a pass that
   *     measures them overwrites them
   */
  static Variant of(Graph trunk, Graph graph, boolean storedCount) {
    Set<String> shared = new HashSet<>(Set.of(graph.input().name()));
    List<Node> own = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (isShared(trunk, graph, node, shared, storedCount)) {
        shared.add(node.name());
      } else {
        own.add(node);
      }
    }
    Map<String, Integer> reads = new HashMap<>();
    for (Node node : own) {
      node.inputs().stream()
          .filter(shared::contains)
          .forEach(value -> reads.merge(value, 1, Integer::sum));
    }
    if (shared.contains(graph.output())) {
      reads.merge(graph.output(), 1, Integer::sum);
    }
    return new Variant(graph, List.copyOf(own), Map.copyOf(reads));
  }

  private static boolean isShared(
      Graph trunk, Graph graph, Node node, Set<String> shared, boolean storedCount) {
    if (!trunk.hasNode(node.name()) || !trunk.node(node.name()).equals(node)) {
      return false;
    }
    Set<String> ignored = storedCount ? Set.of() : stored(node);
    for (String input : node.inputs()) {
      Tensor parameter = graph.parameters().get(input);
      boolean same =
          parameter == null
              ? shared.contains(input)
              : ignored.contains(input) || isSame(parameter, trunk.parameters().get(input));
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** The parameters that measuring overwrites. */
  static Set<String> stored(Node node) {
    return node.operation() instanceof Operation.BatchNorm
        ? Set.copyOf(node.inputs().subList(3, 5))
        : Set.of();
  }

  private static boolean isSame(Tensor parameter, Tensor other) {
    return parameter == other
        || other != null
            && parameter.shape().equals(other.shape())
            && Arrays.equals(parameter.values(), other.values());
  }
}
