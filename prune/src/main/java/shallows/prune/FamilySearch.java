package shallows.prune;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;

/** Cuts one network to one size after another, each smaller than the last, see {@link Pruner}. */
final class FamilySearch {
  private final Elimination elimination;
  private final HeldOut heldOut;
  private final Cost full;

  /** Those that were binarized for a member so far, in that order, with what it would do alone. */
  private final Map<String, Candidate> binary = new LinkedHashMap<>();

  FamilySearch(Elimination elimination, HeldOut heldOut, Cost full) {
    this.elimination = elimination;
    this.heldOut = heldOut;
    this.full = full;
  }

  /** By bytes, then by MACs, then by time; a limit that is not there counts as the largest. */
  static List<FamilyMember> largestFirst(List<FamilyMember> members) {
    Comparator<FamilyMember> smallestFirst =
        Comparator.<FamilyMember>comparingLong(m -> m.budget().maxBytes().orElse(Long.MAX_VALUE))
            .thenComparingLong(m -> m.budget().maxMacs().orElse(Long.MAX_VALUE))
            .thenComparingDouble(m -> m.budget().maxLatency().orElse(Double.MAX_VALUE));
    return members.stream().sorted(smallestFirst.reversed()).toList();
  }

  /** The network for the next smaller member. */
  Cut next(FamilyMember member, Progress progress) {
    Budget budget = member.budget();
    elimination.run(graph -> isMet(budget, marked(graph, binary.keySet())), false, progress);
    if (!isMet(budget, marked(elimination.graph(), binary.keySet()))) {
      // Even with all of them binary?
      elimination.run(graph -> isMet(budget, marked(graph, binarizable(graph))), true, progress);
      binarize(budget, progress);
    }
    Graph graph = marked(elimination.graph(), binary.keySet());
    if (!isMet(budget, graph)) {
      throw new BadInputException(
          "--family: '"
              + member.name()
              + "' cannot be met: with every block dropped there are "
              + String.join(" and ", budget.misses(budget.footprint(graph)))
              + "; allow it more");
    }
    List<Candidate> left =
        binary.values().stream()
            .filter(candidate -> graph.block(candidate.block().name()).isPresent())
            .toList();
    return elimination.whenReached().binarized(left, heldOut);
  }

  /** Binarizes blocks, those with the least loss for what they save first, until it is enough. */
  private void binarize(Budget budget, Progress progress) {
    if (isMet(budget, marked(elimination.graph(), binary.keySet()))) {
      return;
    }
    Binarization order =
        Binarization.measure(elimination.whenReached().network(), heldOut, budget, full, progress);
    for (Candidate candidate : order.first(order.size())) {
      binary.putIfAbsent(candidate.block().name(), candidate);
      if (isMet(budget, marked(elimination.graph(), binary.keySet()))) {
        return;
      }
    }
  }

  private static boolean isMet(Budget budget, Graph graph) {
    return budget.isMet(budget.footprint(graph));
  }

  private static Set<String> binarizable(Graph graph) {
    return graph.blocks().stream()
        .filter(block -> PlanApplication.canBinarize(graph, block))
        .map(Block::name)
        .collect(Collectors.toSet());
  }

  /** Those of the named blocks that are still there become binary. */
  private static Graph marked(Graph graph, Set<String> names) {
    Map<String, Decision> decisions =
        graph.blocks().stream()
            .map(Block::name)
            .filter(names::contains)
            .collect(Collectors.toMap(name -> name, name -> Decision.BINARIZE));
    return PlanApplication.apply(graph, decisions);
  }
}
