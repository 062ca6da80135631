package shallows.model.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

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
    return graph.blocks().stream().allMatch(block -> isScaled(graph, block))
        ? graph
        : insert(graph, graph.blocks(), block -> isScaled(graph, block));
  }

  /**
   * The graph with these blocks, each with a scale of its own.
   *
   * @param has which of them have theirs already
   */
  static Graph insert(Graph graph, List<Block> blocks, Predicate<Block> has) {
    Map<String, Block> lacking = new HashMap<>();
    blocks.stream().filter(has.negate()).forEach(block -> lacking.put(block.sum(), block));
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Block block = lacking.get(node.name());
      if (block == null) {
        nodes.add(node);
        continue;
      }
      String branch = block.branch();
      String scaled = unused(graph, block);
      nodes.add(new Node(scaled, new Operation.Scale(ALWAYS_ON), List.of(branch)));
      nodes.add(
          node.withInputs(node.inputs().stream().map(i -> i.equals(branch) ? scaled : i).toList()));
    }
    List<Block> all =
        blocks.stream()
            .map(
                b -> has.test(b) ? b : new Block(b.name(), b.shortcut(), unused(graph, b), b.sum()))
            .toList();
    return graph.with(nodes, graph.output(), graph.parameters(), all);
  }

  private static String unused(Graph graph, Block block) {
    String name = block.name() + "/survival";
    while (graph.hasNode(name) || graph.parameters().containsKey(name)) {
      name += "_";
    }
    return name;
  }

  /** Whether its branch ends in a factor of 1 that nobody else reads. */
  static boolean isAlwaysOn(Graph graph, Block block) {
    return isScaled(graph, block)
        && graph.node(block.branch()).operation().equals(new Operation.Scale(ALWAYS_ON))
        && graph.uses().get(block.branch()) == 1;
  }

  private static boolean isScaled(Graph graph, Block block) {
    return graph.hasNode(block.branch())
        && graph.node(block.branch()).operation() instanceof Operation.Scale;
  }
}
