package shallows.prune.form;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.prune.plan.Decision;

/**
 * Turns decisions into a graph. Applied to its own result, a plan changes nothing: the graph
 * remembers the blocks that it lost, so that dropping one of them again is no mistake.
 */
public final class PlanApplication {
  /** The graph's metadata of this name lists the blocks that were dropped, one a line. */
  static final String DROPPED = "shallows.dropped";

  private PlanApplication() {}

  /**
   * Drops and binarizes blocks; those that {@code decisions} does not name are kept. Binarizing
   * marks the convolutions of the branch ({@link Precision#BINARY}); their weights stay as they
   * are, for fine-tuning to go on from. The network's first and last layer with weights keep
   * theirs, even where a branch contains them (Rastegari et al. 2016, section 4.1).
   *
   * @param decisions by block name
   * @throws BadInputException naming a block that the graph does not have or has lost, that cannot
   *     be binarized, or that would go with another one although it is to stay
   */
  public static Graph apply(Graph graph, Map<String, Decision> decisions) {
    requireKnown(graph, decisions, dropped(graph));
    requireOneWill(graph, decisions);
    Set<String> ends = firstAndLast(graph);
    Map<String, Operation> binary = new HashMap<>();
    Set<String> dropped = new TreeSet<>();
    for (Block block : graph.blocks()) {
      Decision decision = decisions.getOrDefault(block.name(), Decision.KEEP);
      if (decision == Decision.DROP) {
        dropped.add(block.name());
      } else if (decision == Decision.BINARIZE) {
        binary.putAll(binarized(graph, block, ends));
      }
    }
    if (dropped.isEmpty() && binary.isEmpty()) {
      return graph;
    }
    return remembering(graph, Rewrites.drop(Rewrites.withOperations(graph, binary), dropped));
  }

  /** With some blocks binary, all others kept. */
  public static Graph withBinary(Graph graph, Collection<String> blocks) {
    Map<String, Decision> decisions = new HashMap<>();
    blocks.forEach(block -> decisions.put(block, Decision.BINARIZE));
    return apply(graph, decisions);
  }

  /** A graph that knows which blocks it lacks of one that it was made of. */
  static Graph remembering(Graph before, Graph after) {
    Set<String> lost = new TreeSet<>(dropped(before));
    before.blocks().forEach(block -> lost.add(block.name()));
    after.blocks().forEach(block -> lost.remove(block.name()));
    return lost.isEmpty() ? after : after.withMetadata(DROPPED, String.join("\n", lost));
  }

  /** The blocks that a graph has lost. */
  static Set<String> dropped(Graph graph) {
    String names = graph.metadata().get(DROPPED);
    return names == null ? Set.of() : Set.copyOf(names.lines().toList());
  }

  static void requireKnown(Graph graph, Map<String, Decision> decisions, Set<String> lost) {
    for (Map.Entry<String, Decision> entry : decisions.entrySet()) {
      String name = entry.getKey();
      if (graph.block(name).isPresent() || lost.contains(name) && isDrop(entry.getValue())) {
        continue;
      }
      boolean layer = isLayer(graph, name);
      throw new BadInputException(
          "the plan",
          "decisions over blocks of " + graph.name(),
          "'"
              + name
              + (lost.contains(name)
                  ? "', which this network has lost"
                  : layer ? "', layers outside of any block, which always stay" : "'"),
          lost.contains(name)
              ? "take the full one"
              : layer ? "leave it out" : "see ./shallows inspect for the names of blocks");
    }
  }

  private static boolean isDrop(Decision decision) {
    return decision == Decision.DROP;
  }

  /** Whether nodes bear this name, or names that begin with it: {@code stem}. */
  private static boolean isLayer(Graph graph, String name) {
    return graph.nodes().stream()
        .anyMatch(node -> node.name().equals(name) || node.name().startsWith(name + "/"));
  }

  /** By block in a branch that goes, the block of that branch. */
  public static Map<String, String> goneWith(Graph graph, Map<String, Decision> decisions) {
    Map<String, String> gone = new TreeMap<>();
    for (Block outer : graph.blocks()) {
      Decision decision = decisions.get(outer.name());
      if (decision == Decision.DROP || decision == Decision.LINEAR || decision == Decision.SCALE) {
        inside(graph, outer).forEach(inner -> gone.put(inner.name(), outer.name()));
      }
    }
    return gone;
  }

  /** The blocks in the branch of another. */
  static List<Block> inside(Graph graph, Block outer) {
    Set<String> branch = new HashSet<>();
    graph.branch(outer).forEach(node -> branch.add(node.name()));
    return graph.blocks().stream().filter(block -> branch.contains(block.sum())).toList();
  }

  /**
   * With a branch go the blocks inside it; a plan that keeps one of those contradicts itself.
   *
   * @throws BadInputException naming both
   */
  public static void requireOneWill(Graph graph, Map<String, Decision> decisions) {
    goneWith(graph, decisions)
        .forEach(
            (inner, block) -> {
              Decision decision = decisions.get(inner);
              if (decision != null && !isDrop(decision)) {
                throw new BadInputException(
                    "the plan",
                    "to drop '" + inner + "', in the branch of '" + block + "' that goes",
                    decision.inWords(),
                    "drop it, or keep both");
              }
            });
  }

  private static Map<String, Operation> binarized(Graph graph, Block block, Set<String> ends) {
    Map<String, Operation> binary = binarizable(graph, block, ends);
    if (binary.isEmpty()) {
      throw new BadInputException(
          "block '" + block.name() + "'",
          "a convolution to binarize (a network's first and last never are)",
          "none",
          "keep or drop it");
    }
    return binary;
  }

  /** Whether the block has a convolution that may get binary weights. */
  public static boolean canBinarize(Graph graph, Block block) {
    return !binarizable(graph, block, firstAndLast(graph)).isEmpty();
  }

  private static Map<String, Operation> binarizable(Graph graph, Block block, Set<String> ends) {
    Map<String, Operation> binary = new HashMap<>();
    for (Node node : graph.branch(block)) {
      // What is binary already stays so, even where drops have made it the first layer since.
      if (node.operation() instanceof Operation.Conv2d conv
          && (conv.precision() == Precision.BINARY || !ends.contains(node.name()))) {
        binary.put(node.name(), conv.withPrecision(Precision.BINARY));
      }
    }
    return binary;
  }

  /** The layers with weights that see the image alone, and those that nothing weighs after. */
  private static Set<String> firstAndLast(Graph graph) {
    Set<String> found = new HashSet<>();
    Set<String> unweighed = new HashSet<>(Set.of(graph.input().name()));
    for (Node node : graph.nodes()) {
      // A sum of the image and of what was made of it counts as made.
      if (node.inputs().stream()
          .filter(input -> !graph.parameters().containsKey(input))
          .allMatch(unweighed::contains)) {
        (node.operation().weighs() ? found : unweighed).add(node.name());
      }
    }
    Set<String> needed = new HashSet<>(Set.of(graph.output()));
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (needed.contains(nodes.get(i).name())) {
        if (nodes.get(i).operation().weighs()) {
          found.add(nodes.get(i).name());
        } else {
          needed.addAll(nodes.get(i).inputs());
        }
      }
    }
    return found;
  }
}
