package shallows.model.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which values are needed, and until when. */
public final class Liveness {
  private Liveness() {}

  /**
   * The values that must be there to have the wanted ones, themselves among them.
   *
   * @param nodes in topological order
   */
  public static Set<String> needed(List<Node> nodes, Collection<String> wanted) {
    Set<String> needed = new HashSet<>(wanted);
    // Backwards through the topological order, every reader is seen before what it reads.
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).name())) {
        needed.addAll(nodes.get(i).inputs());
      }
    }
    return needed;
  }

  /** The values that nodes behind one read, of those that are there when it is, the input too. */
  public static Set<String> liveBehind(Graph graph, String node) {
    int behind = graph.nodes().indexOf(graph.node(node)) + 1;
    Set<String> there = new HashSet<>(Set.of(graph.input().name()));
    graph.nodes().subList(0, behind).forEach(n -> there.add(n.name()));
    Set<String> live = new HashSet<>(Set.of(graph.output()));
    graph.nodes().subList(behind, graph.nodes().size()).forEach(n -> live.addAll(n.inputs()));
    live.retainAll(there);
    return live;
  }

  /**
   * What may be let go behind each node: the values, parameters too, that it is the last to read.
   *
   * @return by the node's name; nodes that are the last reader of nothing are missing
   */
  public static Map<String, List<String>> releasedBehind(Graph graph) {
    Map<String, List<String>> released = new HashMap<>();
    Set<String> read = new HashSet<>(Set.of(graph.output()));
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      for (String value : node.inputs()) {
        if (read.add(value)) {
          released.computeIfAbsent(node.name(), name -> new ArrayList<>()).add(value);
        }
      }
    }
    return released;
  }
}
