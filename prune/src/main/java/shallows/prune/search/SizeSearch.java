package shallows.prune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;

/**
 * Cuts one network to a size, or to one size after another, each smaller than the last. The drops
 * of all of them are beginnings of one elimination, and what one has binary the next has binary too
 * or has lost, so they are nested.
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
 * <p>Which is best cannot be told before fine-tuning: on the default network, cut to a tenth of its
 * bytes, drops alone left 51 % of the held-out images and came back to 87, nearly everything binary
 * left 80 and came back to 89. So all three are cut, and who called chooses among them when they
 * are as they will be shipped.
 */
public final class SizeSearch {
  private final Elimination elimination;
  private final AccuracyMeter choosing;
  private final Cost full;
  private final Options options;

  /** Drops of the size before. */
  private int dropped;

  /** Blocks that the size before has binary. */
  private Set<String> binary = Set.of();

  /** Drops that the accuracy allows, as far as was looked. */
  private int allowed;

  /** Whether it allows no more. */
  private boolean stuck;

  /** What binarizing a block alone does, as measured last. */
  private final Map<String, PricedBlock> measured = new HashMap<>();

  /** The order of binarization after so many drops, for the size in question. */
  private final Map<Integer, List<String>> orders = new HashMap<>();

  /** Whether it is reached with so many drops and these blocks binary: timing is slow and noisy. */
  private final Map<Map.Entry<Integer, Set<String>>, Boolean> met = new HashMap<>();

  /**
   * What may be done to reach a size.
   *
   * @param binarize whether blocks may be binary at all; else there are drops alone
   * @param atAnyPrice whether more may be dropped than the accuracy allows
   */
  public record Options(boolean binarize, boolean atAnyPrice) {}

  /**
   * @param full cost of the network that is cut
   */
  public SizeSearch(Elimination elimination, AccuracyMeter choosing, Cost full, Options options) {
    this.elimination = elimination;
    this.choosing = choosing;
    this.full = full;
    this.options = options;
  }

  /**
   * Different networks of the next smaller size, to choose from.
   *
   * @return at most three, the one with the most drops first; none where the size cannot be reached
   */
  public List<CutNetwork> next(Budget budget, Progress progress) {
    orders.clear();
    met.clear();
    allow(budget, progress);
    int from = Math.max(allowed, dropped);
    for (int count = dropped; count <= from; count++) {
      if (isMet(budget, count, this::inherited)) {
        return List.of(cut(budget, count, progress));
      }
    }
    // Even with all of them binary?
    OptionalInt fewest = drops(budget, from, this::binarizable, progress);
    if (fewest.isEmpty()) {
      return List.of();
    }
    Set<Integer> counts = new TreeSet<>(Comparator.reverseOrder());
    counts.add(fewest.getAsInt());
    OptionalInt alone = drops(budget, fewest.getAsInt(), this::inherited, progress);
    alone.ifPresent(counts::add);
    if (!alone.equals(fewest)) {
      List<String> order = order(budget, fewest.getAsInt(), progress);
      drops(budget, fewest.getAsInt(), graph -> half(order, graph), progress)
          .ifPresent(counts::add);
    }
    List<CutNetwork> cuts = new ArrayList<>();
    for (int count : counts) {
      cuts.add(cut(budget, count, progress));
    }
    return cuts;
  }

  /** What to say where there is none: how near the smallest comes that may be made. */
  public BadInputException outOfReach(Budget budget) {
    Graph dropped = elimination.graph();
    Phrase with =
        options.atAnyPrice()
            ? Phrase.of("every block dropped")
            : Phrase.of("every block dropped that %s %s allows", Setting.MAX_DROP, budget.drop());
    Phrase wayOut =
        options.atAnyPrice()
            ? Phrase.of("allow more")
            : Phrase.of("allow more, or a larger %s", Setting.MAX_DROP);
    Set<String> others = binarizable(dropped);
    return others.isEmpty() || !budget.lacksBytesAlone(budget.footprint(dropped))
        ? budget.outOfReach(dropped, with, wayOut)
        : budget.outOfReach(
            PlanApplication.withBinary(dropped, others),
            Phrase.of("%s and the others binarized", with),
            wayOut);
  }

  /** Makes one of the networks that {@link #next} gave what smaller ones are cut from. */
  public void take(CutNetwork cut) {
    dropped = cut.count(Decision.DROP);
    binary =
        cut.decisions().keySet().stream()
            .filter(block -> cut.decisions().get(block) == Decision.BINARIZE)
            .collect(Collectors.toSet());
  }

  /** Drops as long as accuracy allows and the size is not reached. */
  private void allow(Budget budget, Progress progress) {
    if (!stuck) {
      elimination.run(graph -> isMet(budget, elimination.size(), this::inherited), false, progress);
      allowed = elimination.size();
      stuck = !isMet(budget, allowed, this::inherited);
    }
  }

  /**
   * The fewest drops that reach a size.
   *
   * @param from at least so many
   * @param binarized which blocks of a network become binary
   * @return empty where as many drops as may be are not enough
   */
  private OptionalInt drops(
      Budget budget, int from, Function<Graph, Set<String>> binarized, Progress progress) {
    for (int count = from; count < elimination.size(); count++) {
      if (isMet(budget, count, binarized)) {
        return OptionalInt.of(count);
      }
    }
    if (options.atAnyPrice()) {
      elimination.run(graph -> isMet(budget, elimination.size(), binarized), true, progress);
    }
    return isMet(budget, elimination.size(), binarized)
        ? OptionalInt.of(elimination.size())
        : OptionalInt.empty();
  }

  private boolean isMet(Budget budget, int count, Function<Graph, Set<String>> binarized) {
    Graph graph = elimination.graph(count);
    Set<String> blocks = binarized.apply(graph);
    return met.computeIfAbsent(
        Map.entry(count, Set.copyOf(blocks)),
        unknown -> budget.isMet(budget.footprint(PlanApplication.withBinary(graph, blocks))));
  }

  /** So many drops, and as many blocks binary as the size takes beside them. */
  private CutNetwork cut(Budget budget, int count, Progress progress) {
    Set<String> names = new LinkedHashSet<>(inherited(elimination.graph(count)));
    if (!isMet(budget, count, graph -> names)) {
      for (String block : order(budget, count, progress)) {
        names.add(block);
        if (isMet(budget, count, graph -> names)) {
          break;
        }
      }
    }
    // Where accuracy is what ended the drops, the others stay for that reason.
    CutNetwork drops =
        stuck && !options.atAnyPrice() ? elimination.whenStuck() : elimination.whenReached(count);
    return drops.binarized(names.stream().map(measured::get).toList(), choosing);
  }

  /** The blocks that can be binary after so many drops, best first. */
  private List<String> order(Budget budget, int count, Progress progress) {
    return orders.computeIfAbsent(count, drops -> measuredOrder(budget, drops, progress));
  }

  private List<String> measuredOrder(Budget budget, int count, Progress progress) {
    Binarization order =
        Binarization.measure(elimination.whenReached(count), choosing, budget, full, progress);
    List<PricedBlock> candidates = order.first(order.size());
    candidates.forEach(candidate -> measured.put(candidate.block().name(), candidate));
    return candidates.stream().map(candidate -> candidate.block().name()).toList();
  }

  /** Half of the blocks that can be binary: those that are already, then the first of an order. */
  private Set<String> half(List<String> order, Graph graph) {
    Set<String> all = left(order, graph);
    Set<String> half = new LinkedHashSet<>(inherited(graph));
    for (String block : all) {
      if (half.size() < Binarization.half(all.size())) {
        half.add(block);
      }
    }
    return half;
  }

  /** The blocks of a network that are binary in the size before. */
  private Set<String> inherited(Graph graph) {
    return left(binary, graph);
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
        .filter(block -> options.binarize() && PlanApplication.canBinarize(graph, block))
        .map(Block::name)
        .collect(Collectors.toSet());
  }
}
