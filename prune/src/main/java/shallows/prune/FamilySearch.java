package shallows.prune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;

/**
 * Cuts one network to one size after another, each smaller than the last. The drops of all of them
 * are beginnings of one elimination, and what one has binary the next has binary too or has lost,
 * so they are nested.
 *
 * <p>First as many blocks go as the accuracy allows. Where that does not reach the size, there are
 * many ways on: the more blocks are dropped, the fewer need binary weights.
 *
 * <ol>
 *   <li>As few drops as can be: those that the size takes even with all other blocks binary.
 *   <li>Half: as many drops as it takes with half of the others binary.
 *   <li>Drops alone.
 * </ol>
 *
 * <p>Right after a cut, the first one loses least; fine-tuning gives more of what drops cost back
 * than of what binary weights do. So where nothing is fine-tuned, it is the first; else all three
 * are cut, and who called chooses among them after fine-tuning.
 */
final class FamilySearch {
  private final Elimination elimination;
  private final HeldOut heldOut;
  private final Cost full;
  private final boolean binarize;
  private final boolean tuned;

  /** Drops of the member before. */
  private int dropped;

  /** Blocks that the member before has binary. */
  private Set<String> binary = Set.of();

  /** The order of binarization after so many drops, for the member in question. */
  private final Map<Integer, List<String>> orders = new HashMap<>();

  /** What binarizing a block alone does, as measured last. */
  private final Map<String, Candidate> measured = new HashMap<>();

  /** Drops that the accuracy allows, as far as was looked. */
  private int allowed;

  /** Whether it allows no more. */
  private boolean stuck;

  /**
   * @param full cost of the network that is cut
   * @param binarize whether blocks may be binary at all; else there are drops alone
   * @param tuned whether the cuts will be fine-tuned
   */
  FamilySearch(
      Elimination elimination, HeldOut heldOut, Cost full, boolean binarize, boolean tuned) {
    this.elimination = elimination;
    this.heldOut = heldOut;
    this.full = full;
    this.binarize = binarize;
    this.tuned = tuned;
  }

  /** By bytes, then by MACs, then by time; a limit that is not there counts as the largest. */
  static List<FamilyMember> largestFirst(List<FamilyMember> members) {
    Comparator<FamilyMember> smallestFirst =
        Comparator.<FamilyMember>comparingLong(m -> m.budget().maxBytes().orElse(Long.MAX_VALUE))
            .thenComparingLong(m -> m.budget().maxMacs().orElse(Long.MAX_VALUE))
            .thenComparingDouble(m -> m.budget().maxLatency().orElse(Double.MAX_VALUE));
    return members.stream().sorted(smallestFirst.reversed()).toList();
  }

  /**
   * Different networks for the next smaller member, to choose from.
   *
   * @return at least one, at most three; the one with the most drops first
   * @throws BadInputException when every block dropped is not enough
   */
  List<Cut> next(FamilyMember member, Progress progress) {
    Budget budget = member.budget();
    orders.clear();
    allow(budget, progress);
    int from = Math.max(allowed, dropped);
    for (int count = dropped; count <= from; count++) {
      if (isMet(budget, inherited(elimination.graph(count)))) {
        return List.of(cut(budget, count, progress));
      }
    }
    // Even with all of them binary?
    int fewest =
        drops(budget, from, graph -> marked(graph, binarizable(graph)), progress)
            .orElseThrow(() -> outOfReach(member));
    Set<Integer> counts = new TreeSet<>(Comparator.reverseOrder());
    counts.add(fewest);
    if (tuned && binarize) {
      List<String> order = order(budget, fewest, progress);
      drops(budget, fewest, graph -> marked(graph, half(order, graph)), progress)
          .ifPresent(counts::add);
      drops(budget, fewest, this::inherited, progress).ifPresent(counts::add);
    }
    List<Cut> cuts = new ArrayList<>();
    for (int count : counts) {
      cuts.add(cut(budget, count, progress));
    }
    return cuts;
  }

  /** Makes one of the networks that {@link #next} gave what smaller members are cut from. */
  void take(Cut cut) {
    dropped = cut.count(Decision.DROP);
    binary =
        cut.decisions().keySet().stream()
            .filter(block -> cut.decisions().get(block) == Decision.BINARIZE)
            .collect(Collectors.toSet());
  }

  /** Drops as long as accuracy allows and the size is not reached. */
  private void allow(Budget budget, Progress progress) {
    if (!stuck) {
      elimination.run(graph -> isMet(budget, inherited(graph)), false, progress);
      allowed = elimination.size();
      stuck = !isMet(budget, inherited(elimination.graph()));
    }
  }

  /**
   * The fewest drops, at any price, that reach a size.
   *
   * @param from at least so many
   * @param binarized what of a network becomes binary
   * @return empty where every block dropped is not enough
   */
  private OptionalInt drops(
      Budget budget, int from, UnaryOperator<Graph> binarized, Progress progress) {
    for (int count = from; count < elimination.size(); count++) {
      if (isMet(budget, binarized.apply(elimination.graph(count)))) {
        return OptionalInt.of(count);
      }
    }
    elimination.run(graph -> isMet(budget, binarized.apply(graph)), true, progress);
    return isMet(budget, binarized.apply(elimination.graph()))
        ? OptionalInt.of(elimination.size())
        : OptionalInt.empty();
  }

  /** So many drops, and as many blocks binary as the size takes beside them. */
  private Cut cut(Budget budget, int count, Progress progress) {
    Graph graph = elimination.graph(count);
    Set<String> names = new LinkedHashSet<>(left(binary, graph));
    if (!isMet(budget, marked(graph, names))) {
      for (String block : order(budget, count, progress)) {
        names.add(block);
        if (isMet(budget, marked(graph, names))) {
          break;
        }
      }
    }
    return elimination
        .whenReached(count)
        .binarized(names.stream().map(measured::get).toList(), heldOut);
  }

  /** The blocks that can be binary after so many drops, best first. */
  private List<String> order(Budget budget, int count, Progress progress) {
    return orders.computeIfAbsent(count, drops -> measuredOrder(budget, drops, progress));
  }

  private List<String> measuredOrder(Budget budget, int count, Progress progress) {
    Binarization order =
        Binarization.measure(
            elimination.whenReached(count).network(), heldOut, budget, full, progress);
    List<Candidate> candidates = order.first(order.size());
    candidates.forEach(candidate -> measured.put(candidate.block().name(), candidate));
    return candidates.stream().map(candidate -> candidate.block().name()).toList();
  }

  /** Half of the blocks that can be binary: those that are already, then the first of an order. */
  private Set<String> half(List<String> order, Graph graph) {
    Set<String> all = left(order, graph);
    Set<String> half = new LinkedHashSet<>(left(binary, graph));
    for (String block : all) {
      if (half.size() < Binarization.half(all.size())) {
        half.add(block);
      }
    }
    return half;
  }

  private static boolean isMet(Budget budget, Graph graph) {
    return budget.isMet(budget.footprint(graph));
  }

  /** A network with those of its blocks binary that are so in the larger member. */
  private Graph inherited(Graph graph) {
    return marked(graph, left(binary, graph));
  }

  /** Those of the named blocks that are still there and can be binary, in the same order. */
  private Set<String> left(Iterable<String> names, Graph graph) {
    Set<String> binarizable = binarizable(graph);
    Set<String> left = new LinkedHashSet<>();
    for (String name : names) {
      if (binarizable.contains(name)) {
        left.add(name);
      }
    }
    return left;
  }

  private Set<String> binarizable(Graph graph) {
    return graph.blocks().stream()
        .filter(block -> binarize && PlanApplication.canBinarize(graph, block))
        .map(Block::name)
        .collect(Collectors.toSet());
  }

  private static Graph marked(Graph graph, Set<String> names) {
    return PlanApplication.apply(
        graph, names.stream().collect(Collectors.toMap(name -> name, name -> Decision.BINARIZE)));
  }

  private BadInputException outOfReach(FamilyMember member) {
    Budget budget = member.budget();
    return new BadInputException(
        "--family: '"
            + member.name()
            + "' cannot be met: with every block dropped there are "
            + String.join(" and ", budget.misses(budget.footprint(elimination.graph())))
            + "; allow it more");
  }
}
