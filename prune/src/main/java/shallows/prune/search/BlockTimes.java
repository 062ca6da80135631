package shallows.prune.search;

import java.util.HashMap;
import java.util.Map;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Section;
import shallows.prune.plan.Budget;

/**
 * The table of what blocks take in each of their forms, in ms, where time is limited. A block is
 * timed by itself: in a whole network one of dozens makes less of a difference than two runs do.
 * Those of one shape are timed once, so what is saved depends on the shape alone.
 */
final class BlockTimes {
  private final Budget budget;
  private final Map<String, Double> measured = new HashMap<>();

  BlockTimes(Budget budget) {
    this.budget = budget;
  }

  /** How long a whole network takes; null where time is not limited. */
  Double of(Graph graph) {
    return budget.maxLatency().isPresent() ? budget.meter().latency(graph) : null;
  }

  /**
   * What another form of a block saves, negative where it takes longer.
   *
   * @param after the network in which the block has that form, or was dropped
   * @return null where time is not limited, or where the block is not one of images
   */
  Double saved(Graph before, Block block, Graph after) {
    if (budget.maxLatency().isEmpty()) {
      return null;
    }
    Section section = Section.of(before, block);
    return section.isOfImages() ? of(section) - of(section.in(after, block)) : null;
  }

  /** What the block saves where it is dropped; null likewise. */
  Double savedWithout(Graph graph, Block block) {
    if (budget.maxLatency().isEmpty()) {
      return null;
    }
    Section section = Section.of(graph, block);
    return section.isOfImages() ? of(section) - of(section.without(block)) : null;
  }

  private double of(Section section) {
    return measured.computeIfAbsent(
        section.structure(), unknown -> budget.meter().latency(section));
  }
}
