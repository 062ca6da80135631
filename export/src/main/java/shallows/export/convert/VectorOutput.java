package shallows.export.convert;

import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/** The same network with a vector as its output, where that is an image of a pixel. */
final class VectorOutput {
  private VectorOutput() {}

  static Graph of(Graph graph) {
    if (graph.shape(graph.output()).rank() == 1) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    String name = graph.output() + "/flat";
    nodes.add(new Node(name, new Operation.Flatten(), List.of(graph.output())));
    return graph.with(nodes, name, graph.parameters(), graph.blocks());
  }
}
