package shallows.export;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;

/** Networks whose residual branches are binary. */
public final class BinaryNetworks {
  private BinaryNetworks() {}

  public static Graph of(Graph graph) {
    return binary(graph, graph.blocks().stream().flatMap(block -> graph.branch(block).stream()));
  }

  /** All convolutions. */
  public static Graph everywhere(Graph graph) {
    return binary(graph, graph.nodes().stream());
  }

  private static Graph binary(Graph graph, Stream<Node> nodes) {
    Map<String, Operation> operations = new HashMap<>();
    nodes.forEach(
        node -> {
          if (node.operation() instanceof Operation.Conv2d conv) {
            operations.put(node.name(), conv.withPrecision(Precision.BINARY));
          }
        });
    return Rewrites.withOperations(graph, operations);
  }

  /** How many weights the binary convolutions have. */
  public static long binaryWeights(Graph graph) {
    return graph.nodes().stream()
        .filter(
            node ->
                node.operation() instanceof Operation.Conv2d conv
                    && conv.precision() == Precision.BINARY)
        .mapToLong(node -> graph.parameter(node.inputs().get(1)).size())
        .sum();
  }
}
