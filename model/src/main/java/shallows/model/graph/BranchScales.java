package shallows.model.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives every block the place where its survival probability stands: a {@link Operation.Scale} at
 * the end of its branch, which networks of other people lack. Its factor is 1, so that nothing
 * changes until a probability is set.
 */
public final class BranchScales {
  private static final float ALWAYS_ON = 1f;

  private BranchScales() {}

  /** The graph with a scale at the end of each branch; those that are there stay as they are. */
  public static Graph insert(Graph graph) {
    Map<String, Block> bySum = new HashMap<>();
    List<Block> blocks = new ArrayList<>();
    Set<String> names = names(graph);
    for (Block block : graph.blocks()) {
      if (isScaled(graph, block)) {
        blocks.add(block);
        continue;
      }
      Block scaled =
          new Block(
              block.name(),
              block.shortcut(),
              unused(block.branch() + "/survival", names),
              block.sum());
      blocks.add(scaled);
      bySum.put(block.sum(), scaled);
    }
    if (bySum.isEmpty()) {
      return graph;
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Block scaled = bySum.get(node.name());
      if (scaled == null) {
        nodes.add(node);
        continue;
      }
      String branch =
          node.inputs().stream()
              .filter(i -> !i.equals(scaled.shortcut()))
              .findFirst()
              .orElseThrow();
      nodes.add(new Node(scaled.branch(), new Operation.Scale(ALWAYS_ON), List.of(branch)));
      nodes.add(
          node.withInputs(
              node.inputs().stream().map(i -> i.equals(branch) ? scaled.branch() : i).toList()));
    }
    return new Graph(
        graph.name(),
        graph.input(),
        nodes,
        graph.output(),
        graph.parameters(),
        blocks,
        graph.task(),
        graph.metadata());
  }

  private static boolean isScaled(Graph graph, Block block) {
    return graph.hasNode(block.branch())
        && graph.node(block.branch()).operation() instanceof Operation.Scale;
  }

  private static Set<String> names(Graph graph) {
    Set<String> names = new HashSet<>(graph.parameters().keySet());
    graph.nodes().forEach(node -> names.add(node.name()));
    names.add(graph.input().name());
    return names;
  }

  private static String unused(String wish, Set<String> names) {
    String name = wish;
    for (int i = 2; !names.add(name); i++) {
      name = wish + i;
    }
    return name;
  }
}
