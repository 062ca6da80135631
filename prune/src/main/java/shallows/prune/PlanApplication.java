package shallows.prune;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;

/** Turns decisions into a graph. */
public final class PlanApplication {
  private PlanApplication() {}

  /**
   * Drops and binarizes blocks; those that {@code decisions} does not name are kept. Binarizing
   * marks the convolutions of the branch ({@link Precision#BINARY}); their weights stay as they
   * are, for fine-tuning to go on from.
   *
   * @param decisions by block name
   * @throws BadInputException naming blocks that the graph does not have
   */
  public static Graph apply(Graph graph, Map<String, Decision> decisions) {
    Set<String> unknown = new TreeSet<>(decisions.keySet());
    graph.blocks().forEach(block -> unknown.remove(block.name()));
    if (!unknown.isEmpty()) {
      throw new BadInputException(
          "the plan decides over "
              + unknown
              + ", expected blocks of "
              + graph.name()
              + "; see ./shallows inspect for their names");
    }
    Map<String, Operation> binary = new HashMap<>();
    Set<String> dropped = new HashSet<>();
    for (Block block : graph.blocks()) {
      Decision decision = decisions.getOrDefault(block.name(), Decision.KEEP);
      if (decision == Decision.DROP) {
        dropped.add(block.name());
      } else if (decision == Decision.BINARIZE) {
        binary.putAll(binarized(graph, block));
      }
    }
    return Rewrites.drop(Rewrites.withOperations(graph, binary), dropped);
  }

  private static Map<String, Operation> binarized(Graph graph, Block block) {
    Map<String, Operation> binary = new HashMap<>();
    for (Node node : graph.branch(block)) {
      if (node.operation() instanceof Operation.Conv2d conv) {
        binary.put(node.name(), conv.withPrecision(Precision.BINARY));
      }
    }
    if (binary.isEmpty()) {
      throw new BadInputException(
          "block '" + block.name() + "' has no convolution to binarize; keep or drop it");
    }
    return binary;
  }
}
