package shallows.prune.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.Refit;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * How far forms of blocks move the answers of a network from those of the original.
 *
 * <p>Of a large network this is most of the work, so there is a heat: a third of the images is
 * asked about all forms of a block, the others about those alone that cost least there for what
 * they save of MACs, of bytes, and of time where that is limited. What a block's other forms cost
 * is not needed: it gets one at a time, and which blocks do, all images decide. A heat is among the
 * forms of one block, so what comes of it does not depend on what else is measured.
 */
final class FormDivergences {
  /**
   * Multiply-accumulates that one network may take to be measured with one form: at 224 pixels a
   * ResNet-50 sees 100 images, a ResNet-18 225. A divergence says much of each image, and a round
   * asks about a hundred forms; what they come to together is measured on all images.
   */
  private static final long WORK = 410_000_000_000L;

  /** With less, all images are asked about every form. */
  private static final long HEAT_WORK = 100_000_000_000L;

  /** So many images are looked at whatever they cost. */
  private static final int FEWEST = 64;

  /** One image of so many is in the heat. */
  private static final int HEAT = 3;

  /** Those of the heat first. */
  private final int[] order;

  private final int heat;
  private final LabelledImages images;
  private final Predictions reference;
  private final Compute compute;

  /**
   * A form that is measured.
   *
   * @param cost of the network with it
   * @param milliseconds that it saves; null where time is not limited
   */
  record Entry(Refit.Option option, Cost cost, Double milliseconds) {}

  /**
   * What was found of it.
   *
   * @param divergence the mean over the images that it was measured on, in nats
   */
  record Measured(Entry entry, double divergence) {
    private Measured plus(double sum) {
      return new Measured(entry, divergence + sum);
    }

    private Measured dividedBy(int count) {
      return new Measured(entry, divergence / count);
    }
  }

  /**
   * @param choosing images to measure on, of a large network some of them
   * @param answers of the original to them
   */
  FormDivergences(Graph original, LabelledImages choosing, Predictions answers, Compute compute) {
    this(choosing, answers, affordable(original), isLarge(original, choosing), compute);
  }

  /**
   * @param most images to measure on
   * @param withHeat whether there is a heat
   */
  FormDivergences(
      LabelledImages choosing, Predictions answers, int most, boolean withHeat, Compute compute) {
    int[] some = LabelledImages.evenly(most, choosing.size());
    this.order = withHeat ? heatFirst(some) : some;
    this.heat = withHeat ? (some.length + HEAT - 1) / HEAT : 0;
    this.images = choosing.subset(order);
    this.reference = answers.subset(order);
    this.compute = compute;
  }

  /** How many images a form of a network is measured on, where there are so many. */
  static int affordable(Graph graph) {
    long allowed = WORK / Math.max(1, Cost.of(graph).macs());
    return (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST, allowed));
  }

  private static boolean isLarge(Graph graph, LabelledImages choosing) {
    int count = Math.min(affordable(graph), choosing.size());
    return Cost.of(graph).macs() * count > HEAT_WORK;
  }

  private static int[] heatFirst(int[] some) {
    return IntStream.concat(
            IntStream.range(0, some.length).filter(i -> i % HEAT == 0),
            IntStream.range(0, some.length).filter(i -> i % HEAT != 0))
        .map(i -> some[i])
        .toArray();
  }

  /**
   * Of a network that has been measured on all images that choose.
   *
   * @param answers to them
   * @return in nats, on the images that forms are measured on
   */
  double of(Predictions answers) {
    return answers.subset(order).klDivergence(reference);
  }

  /**
   * @param current the network that the forms are of
   * @param entries all forms of a block, or of several
   * @return in their order, without those that a heat has left out
   */
  List<Measured> of(Graph current, List<Entry> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    List<Measured> left =
        heat > 0
            ? winners(current, entries)
            : entries.stream().map(entry -> new Measured(entry, 0)).toList();
    List<Double> others = sums(current, graphs(left), heat, order.length);
    return IntStream.range(0, left.size())
        .mapToObj(i -> left.get(i).plus(others.get(i)).dividedBy(order.length))
        .toList();
  }

  /** With the sums of the images in the heat. */
  private List<Measured> winners(Graph current, List<Entry> entries) {
    List<Measured> none = entries.stream().map(entry -> new Measured(entry, 0)).toList();
    List<Graph> graphs = new ArrayList<>(graphs(none));
    graphs.add(current);
    List<Double> sums = sums(current, graphs, 0, heat);
    double now = sums.get(entries.size());
    Cost cost = Cost.of(current);
    Map<String, List<Measured>> blocks = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      blocks
          .computeIfAbsent(entries.get(i).option().block().name(), unknown -> new ArrayList<>())
          .add(none.get(i).plus(sums.get(i)));
    }
    return blocks.values().stream().flatMap(block -> best(block, now, cost).stream()).toList();
  }

  private static List<Graph> graphs(List<Measured> of) {
    return of.stream().map(each -> each.entry().option().graph()).toList();
  }

  private List<Double> sums(Graph trunk, List<Graph> graphs, int from, int to) {
    int[] asked = IntStream.range(from, to).toArray();
    Predictions expected = reference.subset(asked);
    return VariantPredictions.of(trunk, graphs, images.subset(asked), compute, Progress.SILENT)
        .stream()
        .map(answers -> answers.sumOfDivergences(expected))
        .toList();
  }

  /** Of one block's forms that with the lowest price of each kind, in their order. */
  private List<Measured> best(List<Measured> forms, double now, Cost cost) {
    List<ToDoubleFunction<Entry>> kinds =
        List.of(
            entry -> cost.macs() - entry.cost().macs(),
            entry -> cost.bytes() - entry.cost().bytes(),
            entry -> entry.milliseconds() == null ? 0 : entry.milliseconds());
    boolean[] best = new boolean[forms.size()];
    for (ToDoubleFunction<Entry> saved : kinds) {
      IntStream.range(0, forms.size())
          .filter(i -> saved.applyAsDouble(forms.get(i).entry()) > 0)
          .boxed()
          .min(
              Comparator.comparingDouble(
                  i ->
                      FormPrice.of(
                          (forms.get(i).divergence() - now) / heat,
                          saved.applyAsDouble(forms.get(i).entry()))))
          .ifPresent(i -> best[i] = true);
    }
    return IntStream.range(0, forms.size()).filter(i -> best[i]).mapToObj(forms::get).toList();
  }
}
