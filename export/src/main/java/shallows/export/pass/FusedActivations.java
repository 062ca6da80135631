package shallows.export.pass;

import java.util.HashMap;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Which activation is fused into which node.
 *
 * <ol>
 *   <li>A Relu, or a Clip to [0, 6] or [−1, 1], that alone reads a node whose TFLite operator has
 *       an activation.
 *   <li>Not fused when the value has another reader, or is the graph's output.
 *   <li>Not fused into operators without an activation: PAD, RESHAPE, MEAN, CONCATENATION, RELU.
 *   <li>Not fused: a Clip to other bounds, and every other activation.
 * </ol>
 */
public final class FusedActivations {
  private static final Operation.Clip AROUND_ZERO = new Operation.Clip(-1, 1);

  private FusedActivations() {}

  /** Activations by the name of the node that takes them in. */
  public static Map<String, Node> of(Graph graph) {
    Map<String, Integer> uses = graph.uses();
    Map<String, Node> fused = new HashMap<>();
    for (Node node : graph.nodes()) {
      String source = node.inputs().get(0);
      if (isFusible(node.operation())
          && uses.get(source) == 1
          && graph.hasNode(source)
          && hasActivation(graph.node(source).operation())) {
        fused.put(source, node);
      }
    }
    return fused;
  }

  private static boolean isFusible(Operation operation) {
    return operation instanceof Operation.Relu
        || operation.equals(Operation.Clip.RELU6)
        || operation.equals(AROUND_ZERO);
  }

  private static boolean hasActivation(Operation operation) {
    return operation instanceof Operation.Conv2d
        || operation instanceof Operation.BatchNorm
        || operation instanceof Operation.Add
        || operation instanceof Operation.Multiply
        || operation instanceof Operation.Scale
        || operation instanceof Operation.MaxPool
        || operation instanceof Operation.AveragePool
        || operation instanceof Operation.Linear;
  }
}
