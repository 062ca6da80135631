package shallows.export.pass;

import java.util.Set;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphEdit;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Removes a {@link Operation.Relu} that changes nothing.
 *
 * <ol>
 *   <li>The Relu of a Relu.
 *   <li>The Relu of anything else that {@link NonNegativeValues} knows not to be negative, for
 *       example the average pool of a Relu.
 *   <li>Not applied when the value may be negative, as after a convolution.
 * </ol>
 */
final class RemoveRedundantRelu {
  private RemoveRedundantRelu() {}

  static Graph apply(Graph graph) {
    Set<String> nonNegative = NonNegativeValues.of(graph);
    GraphEdit edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Relu
          && nonNegative.contains(node.inputs().get(0))) {
        edit.bypass(node);
      }
    }
    return edit.result();
  }
}
