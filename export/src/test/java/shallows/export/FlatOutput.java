package shallows.export;

import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/** Makes a classifier of any graph: runtimes here return one vector an image. */
public final class FlatOutput {
  private FlatOutput() {}

  public static Graph of(Graph graph) {
    if (graph.shape(graph.output()).rank() == 1) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>(graph.nodes());
    nodes.add(new Node("flat", new Operation.Flatten(), List.of(graph.output())));
    return new Graph(
        graph.name(),
        graph.input(),
        nodes,
        "flat",
        graph.parameters(),
        graph.blocks(),
        graph.task(),
        graph.metadata());
  }
}
