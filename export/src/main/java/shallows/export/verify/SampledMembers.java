package shallows.export.verify;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;

/**
 * Draws members of the ensemble that training with stochastic depth makes of a network (Huang et
 * al. 2016, section 5): each block is there with its survival probability and then counts in full,
 * or it is dropped.
 */
final class SampledMembers {
  private final Graph graph;
  private final RandomGenerator random;

  /**
   * @param graph whose branches are scaled by their survival probabilities
   */
  SampledMembers(Graph graph, long seed) {
    this.graph = graph;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  Graph next() {
    Set<String> off = new HashSet<>();
    Map<String, Operation> inFull = new HashMap<>();
    for (Block block : graph.blocks()) {
      if (random.nextDouble() >= graph.survival(block)) {
        off.add(block.name());
      } else if (graph.node(block.branch()).operation() instanceof Operation.Scale) {
        inFull.put(block.branch(), new Operation.Scale(1));
      }
    }
    return Rewrites.withOperations(Rewrites.drop(graph, off), inFull);
  }
}
