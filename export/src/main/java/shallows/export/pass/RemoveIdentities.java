package shallows.export.pass;

import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphEdit;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * Removes nodes that hand on what they get.
 *
 * <ol>
 *   <li>A Scale by 1: the branch of a block that is never off.
 *   <li>A Dropout, which only training sees.
 *   <li>PadChannels or PadImage by nothing.
 *   <li>A MaxPool or AveragePool with kernel and stride 1x1.
 *   <li>Not applied when the node is the graph's output and reads the graph's input: an output must
 *       be computed.
 * </ol>
 */
final class RemoveIdentities {
  private RemoveIdentities() {}

  static Graph apply(Graph graph) {
    GraphEdit edit = new GraphEdit(graph);
    for (Node node : graph.nodes()) {
      boolean needed = node.name().equals(graph.output()) && edit.producer(node).isEmpty();
      if (isIdentity(node.operation()) && !needed) {
        edit.bypass(node);
      }
    }
    return edit.result();
  }

  private static boolean isIdentity(Operation operation) {
    if (operation instanceof Operation.Scale scale) {
      return scale.factor() == 1;
    }
    if (operation instanceof Operation.Dropout) {
      return true;
    }
    if (operation instanceof Operation.PadChannels pad) {
      return pad.before() == 0 && pad.after() == 0;
    }
    if (operation instanceof Operation.PadImage pad) {
      return pad.top() + pad.left() + pad.bottom() + pad.right() == 0;
    }
    if (operation instanceof Operation.MaxPool pool) {
      return isOne(pool.kernel(), pool.stride());
    }
    return operation instanceof Operation.AveragePool pool && isOne(pool.kernel(), pool.stride());
  }

  private static boolean isOne(Extent kernel, Extent stride) {
    return kernel.equals(Extent.ONE) && stride.equals(Extent.ONE);
  }
}
