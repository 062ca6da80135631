package shallows.prune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import shallows.data.LabelledImages;
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
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * Makes a network smaller without training, round by round: each block is tried in its next smaller
 * forms, all else as it is, and those forms are taken that change the answers least for what they
 * save. Then the network is made anew of the original with all forms that were taken, fitted block
 * by block ({@link Refit}), and the next round measures what is left, since what a form costs
 * depends on the others.
 *
 * <p>What a form costs is the rise of the mean Kullback-Leibler divergence of the answers from
 * those of the original, in nats. It needs no labels, and it has less chance in it than the loss or
 * the accuracy on as many images: images that the original gets wrong do not move it either way.
 * Labels decide how far to go, and held-out images whether that was too far ({@link Confirmation}).
 */
public final class FormSearch {
  /** Widths that are tried: finer ones are reached by no more than other rounds. */
  private static final List<Double> SHARES = List.of(0.75, 0.5, 0.25);

  /** Share of what is limited that one round takes. */
  private static final double ROUND = 0.125;

  /** Share of the first round where no size is asked for, so that it is a safe one. */
  private static final double FIRST_ROUND = 0.05;

  /** Of a round's blocks, so many at least are measured again in the next, those first in line. */
  private static final int SHORTLIST = 6;

  /** What no form is cheaper than: with fewer nats, chance of the images decides. */
  private static final double LEAST_RISE = 1e-4;

  private final Refit refit;
  private final LabelledImages images;
  private final Compute compute;
  private final Set<Decision> menu;
  private final BlockTimes times;
  private final Footprint full;
  private final Predictions original;
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
   * @param refit of the network to make smaller
   * @param images that choose; none of those that are fitted on
   * @param reference the network that accuracy is compared with
   * @param menu of what a block may become
   */
  public FormSearch(
      Refit refit,
      LabelledImages images,
      Graph reference,
      Budget budget,
      Set<Decision> menu,
      Compute compute) {
    this.refit = refit;
    this.images = images;
    this.compute = compute;
    this.budget = budget;
    this.menu = Set.copyOf(menu);
    this.graph = refit.original();
    this.times = new BlockTimes(budget);
    this.full = Footprint.of(Cost.of(graph), times.of(graph));
    this.original = answers(graph, List.of(graph), Progress.SILENT).get(0);
    this.answers = original;
    this.reference =
        reference == graph
            ? original.right(images)
            : answers(reference, List.of(reference), Progress.SILENT).get(0).right(images);
  }

  private List<Predictions> answers(Graph trunk, List<Graph> graphs, Progress progress) {
    return VariantPredictions.of(trunk, graphs, images, compute, progress);
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
    return AccuracyLoss.between(reference, answers.right(images));
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
        new MeasuredNetwork(graph, answers.losses(images), answers.right(images));
    return new CutNetwork(measured, decisions, widths, reasons, List.of());
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
    progress.start("forms", 3L * refit.original().blocks().size());
    try {
      List<Priced> priced = priced(progress);
      if (priced.isEmpty()) {
        return false;
      }
      rounds++;
      for (Priced each : taken(priced)) {
        String block = each.option().block().name();
        forms.put(block, each.option().form());
        reasons.merge(block, List.of(each.reason(rounds)), CutNetwork::joined);
      }
      graph = refit.apply(forms, progress);
      answers = answers(graph, List.of(graph), Progress.SILENT).get(0);
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
  private record Priced(Refit.Option option, double rise, Footprint saved, double worth) {
    double price() {
      return Math.max(rise, LEAST_RISE) / worth;
    }

    Reason reason(int round) {
      return new Reason.Formed(
          option.form().decision(),
          option.form().width(),
          round,
          rise,
          saved.bytes(),
          saved.macs(),
          saved.latency());
    }
  }

  private List<Priced> priced(Progress progress) {
    Set<String> asked = inLine();
    List<Refit.Option> options =
        refit.options(graph, forms, asked, SHARES, progress).stream()
            .filter(option -> menu.contains(option.form().decision()))
            .toList();
    List<Graph> graphs = options.stream().map(Refit.Option::graph).toList();
    List<Predictions> found =
        graphs.isEmpty() ? List.of() : answers(graph, graphs, Progress.SILENT);
    progress.advance(refit.original().blocks().size(), "");
    double now = answers.klDivergence(original);
    Cost cost = Cost.of(graph);
    List<Priced> priced = new ArrayList<>();
    for (int i = 0; i < options.size(); i++) {
      Footprint saved =
          Footprint.of(
              cost.less(Cost.of(graphs.get(i))),
              times.saved(graph, options.get(i).block(), graphs.get(i)));
      double worth = budget.worth(saved, full);
      if (worth > 0) {
        double rise = found.get(i).klDivergence(original) - now;
        priced.add(new Priced(options.get(i), rise, saved, worth));
      }
    }
    Map<String, Double> best = new HashMap<>();
    priced.forEach(each -> best.merge(each.option().block().name(), each.price(), Math::min));
    asked.forEach(name -> lastPrices.put(name, best.getOrDefault(name, Double.POSITIVE_INFINITY)));
    return priced;
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
      if (worth < wanted && blocks.add(each.option().block().name())) {
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
                budget.meter().bytes(refit.original()))
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
