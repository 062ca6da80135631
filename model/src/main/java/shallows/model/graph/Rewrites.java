package shallows.model.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What pruning, sampling a sub-network and the export passes all do to a graph. Each method returns
 * a new graph; what it does not name stays bit for bit.
 */
public final class Rewrites {
  private Rewrites() {}

  /**
   * Drops blocks: the sum of each becomes its shortcut, or that with zeros, and the nodes and
   * parameters that nothing needs any more go. Names that the graph has no block of are refused.
   *
   * @throws IllegalArgumentException naming the unknown block
   */
  public static Graph drop(Graph graph, Set<String> blockNames) {
    Graph dropped = graph;
    for (String blockName : blockNames) {
      Block block =
          dropped
              .block(blockName)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "no block '" + blockName + "' in " + graph.name()));
      dropped = bypass(dropped, block);
    }
    return withoutDeadNodes(dropped);
  }

  /** The block's sum is its shortcut, or that with zeros; the branch stays, unread. */
  static Graph bypass(Graph graph, Block block) {
    List<Block> others = new ArrayList<>(graph.blocks());
    others.remove(block);
    Optional<Operation.PadChannels> zeros = graph.withoutBranch(block);
    if (zeros.isEmpty()) {
      return replaceValues(
          graph, Map.of(block.sum(), block.shortcut()), graph.nodes(), graph.parameters(), others);
    }
    Node padded = new Node(block.sum(), zeros.get(), List.of(block.shortcut()));
    List<Node> nodes =
        graph.nodes().stream()
            .map(node -> node.name().equals(block.sum()) ? padded : node)
            .toList();
    return replaceValues(graph, Map.of(), nodes, graph.parameters(), others);
  }

  /**
   * Puts {@code nodes} and {@code parameters} in place of the graph's own, with the readers of some
   * values turned to others. Nodes that are not read any more and blocks that lost their sum go.
   *
   * @param replacements from the value's old name to the name of the value to read instead
   */
  public static Graph replace(
      Graph graph,
      List<Node> nodes,
      Map<String, Tensor> parameters,
      Map<String, String> replacements) {
    return withoutDeadNodes(replaceValues(graph, replacements, nodes, parameters, graph.blocks()));
  }

  private static Graph replaceValues(
      Graph graph,
      Map<String, String> replacements,
      List<Node> nodes,
      Map<String, Tensor> parameters,
      List<Block> blocks) {
    List<Node> turned = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (Node node : nodes) {
      Node next =
          node.withInputs(node.inputs().stream().map(v -> resolve(v, replacements)).toList());
      turned.add(next);
      used.addAll(next.inputs());
    }
    Map<String, Node> byName = new HashMap<>();
    turned.forEach(node -> byName.put(node.name(), node));
    List<Block> kept = new ArrayList<>();
    for (Block block : blocks) {
      Block moved =
          new Block(
              block.name(),
              resolve(block.shortcut(), replacements),
              resolve(block.branch(), replacements),
              block.sum());
      if (isSumOf(byName.get(block.sum()), moved)) {
        kept.add(moved);
      }
    }
    return graph.with(turned, resolve(graph.output(), replacements), only(parameters, used), kept);
  }

  /** Removes nodes and parameters that do not reach the output, and blocks that lost theirs. */
  public static Graph withoutDeadNodes(Graph graph) {
    Set<String> needed = Liveness.needed(graph.nodes(), List.of(graph.output()));
    List<Node> alive = graph.nodes().stream().filter(node -> needed.contains(node.name())).toList();
    if (alive.size() == graph.nodes().size()) {
      return graph;
    }
    return graph.with(
        alive,
        graph.output(),
        only(graph.parameters(), needed),
        graph.blocks().stream().filter(block -> needed.contains(block.sum())).toList());
  }

  /** Gives the named nodes other operations, for example another precision or survival. */
  public static Graph withOperations(Graph graph, Map<String, Operation> operations) {
    List<Node> nodes =
        graph.nodes().stream()
            .map(node -> node.withOperation(operations.getOrDefault(node.name(), node.operation())))
            .toList();
    return graph.with(nodes, graph.output(), graph.parameters(), graph.blocks());
  }

  private static boolean isSumOf(Node sum, Block block) {
    return sum != null
        && (sum.operation() instanceof Operation.Add
            || sum.operation() instanceof Operation.Concat && sum.inputs().size() == 2)
        && sum.inputs().contains(block.shortcut())
        && sum.inputs().contains(block.branch());
  }

  private static String resolve(String value, Map<String, String> replacements) {
    String resolved = value;
    while (replacements.containsKey(resolved)) {
      resolved = replacements.get(resolved);
    }
    return resolved;
  }

  private static Map<String, Tensor> only(Map<String, Tensor> parameters, Set<String> used) {
    Map<String, Tensor> kept = new LinkedHashMap<>(parameters);
    kept.keySet().retainAll(used);
    return kept;
  }
}
