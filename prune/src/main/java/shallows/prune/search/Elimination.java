package shallows.prune.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Footprint;
import shallows.prune.plan.Reason;

/**
 * Backward elimination: drops the block with the best price, measures the rest again, and so on
 * until the next drop would cost more accuracy than allowed or the network is small enough. One
 * ranking at the start would not do: what a block is worth depends on which others are still there.
 *
 * <p>Not every block is measured in every round. The survival statistics, which training gave for
 * nothing, order the first round; later rounds order by the last measurement. Only a few from the
 * front are measured, the rest only if none of those may go. All of it on images that cuts are
 * chosen by, never on those that confirm them.
 */
public final class Elimination {
  /** How many blocks from the front of the order a round measures. */
  private static final int SHORTLIST = 4;

  /** Times are noisy; a block that seems to take none comes last. */
  private static final double LEAST_WORTH = 1e-9;

  private final AccuracyMeter choosing;
  private final Budget budget;
  private final double maxLoss;
  private final BlockTimes times;
  private final Footprint full;
  private final MeasuredNetwork atFullDepth;
  private final MeasuredNetwork reference;
  private final Map<String, Double> expectedLoss;
  private final Map<String, List<Reason>> reasons = new HashMap<>();

  /** The blocks that went, in order. */
  private final List<String> dropped = new ArrayList<>();

  /** The full network, then what each drop left; the last is the network as it is now. */
  private final List<MeasuredNetwork> networks = new ArrayList<>();

  /**
   * @param atFullDepth the full network as it stands
   * @param reference the network that accuracy is compared with
   * @param choosing measures what could go
   * @param budget prices blocks
   * @param maxLoss points of accuracy that may go on these images
   * @param expectedLoss by block, how much dropping it is expected to hurt
   */
  public Elimination(
      MeasuredNetwork atFullDepth,
      MeasuredNetwork reference,
      AccuracyMeter choosing,
      Budget budget,
      double maxLoss,
      Map<String, Double> expectedLoss) {
    this.choosing = choosing;
    this.budget = budget;
    this.maxLoss = maxLoss;
    this.times = new BlockTimes(budget);
    this.full = Footprint.of(Cost.of(atFullDepth.graph()), times.of(atFullDepth.graph()));
    this.atFullDepth = atFullDepth;
    this.reference = reference;
    this.expectedLoss = new HashMap<>(expectedLoss);
    networks.add(choosing.measure(atFullDepth.graph()));
  }

  /**
   * Drops blocks until the network is small enough or nothing more may go; called again, goes on.
   *
   * @param smallEnough asked of the network before each drop
   * @param atAnyPrice whether the accuracy that may be lost is no limit
   */
  public void run(Predicate<Graph> smallEnough, boolean atAnyPrice, Progress progress) {
    progress.start("prune", Math.max(1, graph().blocks().size()));
    try {
      while (!smallEnough.test(graph())) {
        Optional<PricedBlock> best = cheapest(atAnyPrice);
        if (best.isEmpty()) {
          return;
        }
        take(best.get());
        progress.advance(1, best.get().block().name() + " dropped");
      }
    } finally {
      progress.finish();
    }
  }

  /**
   * What was left after the first drops alone, for a network that was small enough with those.
   *
   * @param count how many
   */
  CutNetwork whenReached(int count) {
    // A block refused on the way might have been allowed later; it stays because enough was cut.
    Map<String, List<Reason>> ofDropped = new HashMap<>(reasons);
    ofDropped.keySet().retainAll(dropped.subList(0, count));
    return cut(count, ofDropped);
  }

  /** What is left, for a network that no more could be cut from. */
  public CutNetwork whenStuck() {
    return cut(dropped.size(), reasons);
  }

  /**
   * What was left after the first drops alone.
   *
   * @param count how many
   * @param why the others stay after all
   */
  public CutNetwork after(int count, Reason why) {
    Map<String, List<Reason>> changed = new HashMap<>(reasons);
    dropped.subList(count, dropped.size()).forEach(block -> changed.put(block, List.of(why)));
    return cut(count, changed);
  }

  private CutNetwork cut(int count, Map<String, List<Reason>> why) {
    Map<String, Decision> decisions = new HashMap<>();
    dropped.subList(0, count).forEach(block -> decisions.put(block, Decision.DROP));
    // Where nothing goes, nothing is re-estimated either: it is the full network, to the bit.
    MeasuredNetwork network = count == 0 ? atFullDepth : networks.get(count);
    return new CutNetwork(network, decisions, Map.of(), why, way(count), false);
  }

  /** The full network, then what each of the first drops left. */
  private List<CutNetwork.Step> way(int count) {
    List<CutNetwork.Step> way = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      way.add(
          i == 0
              ? new CutNetwork.Step(null, atFullDepth.graph())
              : new CutNetwork.Step(dropped.get(i - 1), graph(i)));
    }
    return way;
  }

  /** One more reason for some blocks. */
  public void because(Collection<String> blocks, Reason reason) {
    blocks.forEach(block -> reasons.merge(block, List.of(reason), CutNetwork::joined));
  }

  /** How many blocks were dropped. */
  public int size() {
    return dropped.size();
  }

  /** The network that is left, batch-norm statistics re-estimated. */
  public Graph graph() {
    return current().graph();
  }

  /**
   * The network that was left after the first drops alone.
   *
   * @param count how many
   */
  public Graph graph(int count) {
    return networks.get(count).graph();
  }

  private MeasuredNetwork current() {
    return networks.get(networks.size() - 1);
  }

  private void take(PricedBlock candidate) {
    String name = candidate.block().name();
    dropped.add(name);
    reasons.put(
        name, List.of(new Reason.Dropped(dropped.size(), loss(candidate), candidate.effect())));
    networks.add(candidate.measured());
  }

  private Optional<PricedBlock> cheapest(boolean atAnyPrice) {
    List<Block> order = new ArrayList<>(graph().blocks());
    order.sort(Comparator.comparingDouble(this::expectedPrice));
    int front = Math.min(SHORTLIST, order.size());
    Optional<PricedBlock> best = cheapestOf(order.subList(0, front), atAnyPrice);
    return best.isPresent() ? best : cheapestOf(order.subList(front, order.size()), atAnyPrice);
  }

  private Optional<PricedBlock> cheapestOf(List<Block> blocks, boolean atAnyPrice) {
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    Graph graph = graph();
    Optional<List<MeasuredNetwork>> elsewhere =
        choosing.measuredElsewhere(graph, blocks, Decision.DROP);
    List<MeasuredNetwork> measured =
        elsewhere.orElseGet(() -> choosing.measureCuts(graph, blocks, Decision.DROP));
    List<PricedBlock> allowed = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      Block block = blocks.get(b);
      MeasuredNetwork without = measured.get(b);
      PricedBlock candidate = PricedBlock.of(block, current(), without, saved(block));
      expectedLoss.put(block.name(), candidate.lossAbove());
      if (atAnyPrice || loss(candidate).isProbablyWithin(maxLoss)) {
        allowed.add(candidate);
      } else {
        reasons.put(
            block.name(),
            List.of(
                new Reason.Refused(
                    dropped.size() + 1, loss(candidate), maxLoss, candidate.effect())));
      }
    }
    Optional<PricedBlock> best =
        allowed.stream().min(Comparator.comparingDouble(c -> c.price(worth(c.block()))));
    return elsewhere.isEmpty()
        ? best
        : best.map(c -> c.measuredAs(choosing.reestimated(graph, c.measured())));
  }

  private AccuracyLoss loss(PricedBlock candidate) {
    return AccuracyLoss.between(reference.right(), candidate.measured().right());
  }

  private double expectedPrice(Block block) {
    return expectedLoss.getOrDefault(block.name(), 0.0) / worth(block);
  }

  /** Of dropping it. */
  private double worth(Block block) {
    Double time = times.savedWithout(graph(), block);
    return Math.max(LEAST_WORTH, budget.worth(Footprint.of(saved(block), time), full));
  }

  private Cost saved(Block block) {
    return Cost.of(graph(), block);
  }
}
