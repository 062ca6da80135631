package shallows.export.pass;

import java.util.Optional;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphEdit;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Makes one {@link Operation.Scale} of two in a row.
 *
 * <ol>
 *   <li>A Scale whose only reader is a Scale: a·(b·x) = (a·b)·x.
 *   <li>Not applied when the first has another reader.
 *   <li>Not applied when a·b is not finite in single precision, where a·(b·x) may be.
 * </ol>
 */
final class MergeScales {
  private MergeScales() {}

  static Graph apply(Graph graph) {
    GraphEdit edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.Scale outer) {
        Optional<Node> before = edit.soleProducer(node);
        if (before.isPresent() && before.get().operation() instanceof Operation.Scale inner) {
          float product = outer.factor() * inner.factor();
          if (Float.isFinite(product)) {
            edit.replace(before.get().withOperation(new Operation.Scale(product)));
            edit.bypass(node);
          }
        }
      }
    }
    return edit.result();
  }
}
