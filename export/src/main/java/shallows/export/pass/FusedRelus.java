package shallows.export.pass;

import java.util.HashMap;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Which Relu is fused into which node.
 *
 * <ol>
 *   <li>A Relu that alone reads a node whose TFLite operator has an activation.
 *   <li>Not fused when the value has another reader, or is the graph's output.
 *   <li>Not fused into operators without an activation: PAD, RESHAPE, MEAN, RELU.
 * </ol>
 */
public final class FusedRelus {
  private FusedRelus() {}

  /** Relus by the name of the node that takes them in. */
  public static Map<String, Node> of(Graph graph) {
    Map<String, Integer> uses = graph.uses();
    Map<String, Node> fused = new HashMap<>();
    for (Node node : graph.nodes()) {
      String source = node.inputs().get(0);
      if (node.operation() instanceof Operation.Relu
          && uses.get(source) == 1
          && graph.hasNode(source)
          && hasActivation(graph.node(source).operation())) {
        fused.put(source, node);
      }
    }
    return fused;
  }

  private static boolean hasActivation(Operation operation) {
    return !(operation instanceof Operation.Relu
        || operation instanceof Operation.GlobalAveragePool
        || operation instanceof Operation.PadChannels
        || operation instanceof Operation.Flatten);
  }
}
