package shallows.prune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import shallows.data.evaluation.AccuracyLoss;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.Refit;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Footprint;
import shallows.prune.plan.Form;
import shallows.prune.plan.Reason;

/**
 * Makes a network smaller without gradients, round by round: each block is tried in its next
 * smaller forms, all else as it is, and those forms are taken that change the answers least for
 * what they save. Then the network is made anew of the original with all forms that were taken,
 * fitted block by block ({@link Refit}), and the next round measures what is left, since what a
 * form costs depends on the others.
 *
 * <p>What a form costs is the rise of the mean Kullback-Leibler divergence of the answers from
 * those of the original, in nats. It needs no labels, and it has less chance in it than the loss or
 * the accuracy on as many images: images that the original gets wrong do not move it either way.
 * Labels decide how far to go, and held-out images whether that was too far ({@link Confirmation}).
 */
public final class FormSearch {
  /** Share of what is limited that one round takes. */
  private static final double ROUND = 0.125;

  /** Share of the first round where no size is asked for, so that it is a safe one. */
  private static final double FIRST_ROUND = 0.05;

  /** Of a round's blocks, so many at least are measured again in the next, those first in line. */
  private static final int SHORTLIST = 6;

  private final FormMeter meter;
  private final Optional<BlockPrices> others;
  private final BlockTimes times;
  private final Footprint full;
  private final boolean[] reference;
  private final Map<String, Form> forms = new TreeMap<>();
  private final Map<String, List<Reason>> reasons = new HashMap<>();

  /** By block, the price of its best form when it was measured last. */
  private final Map<String, Double> lastPrices = new HashMap<>();

  private Budget budget;
  private Graph graph;
  private Predictions answers;
  private int rounds;

  /**
   * @param meter of the network to make smaller
   * @param reference the network that accuracy is compared with
   * @param others who measure forms where time is not limited; empty where that is done here
   */
  public FormSearch(FormMeter meter, Graph reference, Budget budget, Optional<BlockPrices> others) {
    this.meter = meter;
    this.others = others;
    this.budget = budget;
    this.graph = meter.refit().original();
    this.times = new BlockTimes(budget);
    this.full = Footprint.of(Cost.of(graph), times.of(graph));
    this.answers = meter.original();
    this.reference =
        (reference == graph ? meter.original() : meter.answers(reference)).right(meter.images());
  }

  /**
   * Goes on to a smaller size.
   *
   * @param smaller with limits of the same kinds
   */
  public void towards(Budget smaller) {
    budget = smaller;
  }

  /** The network as it is now. */
  public Graph graph() {
    return graph;
  }

  /** What the images that choose say of it. */
  public AccuracyLoss loss() {
    return AccuracyLoss.between(reference, answers.right(meter.images()));
  }

  /** The network as it is now, with the reasons. */
  public CutNetwork cut() {
    Map<String, Decision> decisions = new TreeMap<>();
    Map<String, Double> widths = new TreeMap<>();
    forms.forEach(
        (block, form) -> {
          decisions.put(block, form.decision());
          if (form.width() != null) {
            widths.put(block, form.width());
          }
        });
    MeasuredNetwork measured =
        new MeasuredNetwork(graph, answers.losses(meter.images()), answers.right(meter.images()));
    return new CutNetwork(measured, decisions, widths, reasons, List.of(), !forms.isEmpty());
  }

  /**
   * Goes on until the network is small enough.
   *
   * @return false where every block is dropped and it is not
   */
  public boolean run(Predicate<Graph> smallEnough, Progress progress) {
    while (!smallEnough.test(graph)) {
      if (!round(progress)) {
        return false;
      }
    }
    return true;
  }

  /**
   * One round.
   *
   * @return false where no block can be made smaller
   */
  public boolean round(Progress progress) {
    progress.start("forms", 3L * meter.refit().original().blocks().size());
    try {
      List<Priced> priced = priced(progress);
      if (priced.isEmpty()) {
        return false;
      }
      rounds++;
      for (Priced each : taken(priced)) {
        String block = each.form().block();
        forms.put(block, each.form().form());
        reasons.merge(block, List.of(each.reason(rounds)), CutNetwork::joined);
      }
      graph = meter.refit().apply(forms, progress);
      answers = meter.answers(graph);
    } finally {
      progress.finish();
    }
    return true;
  }

  /**
   * A form that a block could have.
   *
   * @param rise of the divergence, in nats
   * @param worth of what it saves, positive
   */
  private record Priced(FormPrice form, double rise, Footprint saved, double worth) {
    double price() {
      return FormPrice.of(rise, worth);
    }

    Reason reason(int round) {
      return new Reason.Formed(
          form.form().decision(),
          form.form().width(),
          round,
          rise,
          saved.bytes(),
          saved.macs(),
          saved.latency());
    }
  }

  private List<Priced> priced(Progress progress) {
    Set<String> asked = inLine();
    List<FormPrice> found =
        elsewhere(asked, progress)
            .orElseGet(() -> meter.measure(graph, forms, asked, times(), progress));
    progress.advance(meter.refit().original().blocks().size(), "");
    double now = meter.divergence(answers);
    Cost cost = Cost.of(graph);
    List<Priced> priced = new ArrayList<>();
    for (FormPrice each : found) {
      Footprint saved = Footprint.of(cost.less(each.cost()), each.milliseconds());
      double worth = budget.worth(saved, full);
      if (worth > 0) {
        priced.add(new Priced(each, each.divergence() - now, saved, worth));
      }
    }
    Map<String, Double> best = new HashMap<>();
    priced.forEach(each -> best.merge(each.form().block(), each.price(), Math::min));
    asked.forEach(name -> lastPrices.put(name, best.getOrDefault(name, Double.POSITIVE_INFINITY)));
    return priced;
  }

  /** Where time is limited forms are measured where they are timed. */
  private Optional<List<FormPrice>> elsewhere(Set<String> asked, Progress progress) {
    if (budget.maxLatency().isPresent()) {
      return Optional.empty();
    }
    Graph original = meter.refit().original();
    Optional<List<FormPrice>> found =
        others.flatMap(prices -> prices.ofForms(original, graph, forms, asked, meter.menu()));
    if (found.isPresent()) {
      progress.advance(original.blocks().size(), "");
    }
    return found;
  }

  private BiFunction<Block, Graph, Double> times() {
    return (block, formed) -> times.saved(graph, block, formed);
  }

  /** The half of the blocks whose best form was cheapest when last measured, or never was. */
  private Set<String> inLine() {
    List<String> blocks =
        graph.blocks().stream()
            .map(Block::name)
            .sorted(Comparator.comparingDouble(name -> lastPrices.getOrDefault(name, 0.0)))
            .toList();
    boolean all = blocks.stream().anyMatch(name -> !lastPrices.containsKey(name));
    int half = Math.max(SHORTLIST, (blocks.size() + 1) / 2);
    return Set.copyOf(all ? blocks : blocks.subList(0, Math.min(half, blocks.size())));
  }

  /** The best for their price, one a block, until the round is full. */
  private List<Priced> taken(List<Priced> priced) {
    List<Priced> bestFirst =
        priced.stream().sorted(Comparator.comparingDouble(Priced::price)).toList();
    boolean safe = rounds == 1 && !budget.isSized();
    double wanted = Math.min(safe ? FIRST_ROUND : ROUND, missing());
    List<Priced> taken = new ArrayList<>();
    Set<String> blocks = new HashSet<>();
    double worth = 0;
    for (Priced each : bestFirst) {
      if (worth < wanted && blocks.add(each.form().block())) {
        taken.add(each);
        worth += each.worth();
      }
    }
    return taken;
  }

  /** The share that the network is still above what is asked for; all of it where nothing is. */
  private double missing() {
    double macs =
        budget.maxMacs().isPresent()
            ? over(Cost.of(graph).macs(), budget.maxMacs().getAsLong(), full.macs())
            : 0;
    double bytes =
        budget.maxBytes().isPresent()
            ? over(
                budget.meter().bytes(graph),
                budget.maxBytes().getAsLong(),
                budget.meter().bytes(meter.refit().original()))
            : 0;
    double time =
        budget.maxLatency().isPresent()
            ? over(times.of(graph), budget.maxLatency().getAsDouble(), full.latency())
            : 0;
    double missing = Math.max(time, Math.max(macs, bytes));
    return missing > 0 ? missing : 1;
  }

  private static double over(double found, double allowed, double full) {
    return (found - allowed) / full;
  }
}
