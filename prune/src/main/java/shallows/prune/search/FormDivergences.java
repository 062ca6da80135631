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
 * they save of MACs, of bytes, of both, and of time where that is limited. A block gets one form at
 * a time, so its others need no price; which blocks get one, all images decide. A heat is among the
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
  private final Graph original;
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
  record Measured(Entry entry, double divergence) {}

  /**
   * @param sum of the divergences of the images in the heat
   */
  private record Runner(Entry entry, double sum) {}

  /**
   * @param choosing images to measure on, of a large network some of them
   */
  FormDivergences(Graph original, LabelledImages choosing, Compute compute) {
    this(original, choosing, affordable(original), isLarge(original, choosing.size()), compute);
  }

  /**
   * @param most images to measure on
   * @param withHeat whether there is a heat
   */
  FormDivergences(
      Graph original, LabelledImages choosing, int most, boolean withHeat, Compute compute) {
    int[] some = LabelledImages.evenly(most, choosing.size());
    this.order = withHeat ? heatFirst(some) : some;
    this.heat = withHeat ? (some.length + HEAT - 1) / HEAT : 0;
    this.images = choosing.subset(order);
    this.original = original;
    this.compute = compute;
    this.reference = answers(original, List.of(original), images).get(0);
  }

  /** How many images a form of a network is measured on, where there are so many. */
  static int affordable(Graph graph) {
    long allowed = WORK / Math.max(1, Cost.of(graph).macs());
    return (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST, allowed));
  }

  /** Whether there is a heat where so many images choose. */
  static boolean isLarge(Graph graph, int choosing) {
    int count = Math.min(affordable(graph), choosing);
    return Cost.of(graph).macs() * count > HEAT_WORK;
  }

  private static int[] heatFirst(int[] some) {
    return IntStream.concat(
            IntStream.range(0, some.length).filter(i -> i % HEAT == 0),
            IntStream.range(0, some.length).filter(i -> i % HEAT != 0))
        .map(i -> some[i])
        .toArray();
  }

  /** What the original answers to the images that forms are measured on, in their order. */
  Predictions reference() {
    return reference;
  }

  /** Whether forms are measured on all images that choose, in their order. */
  boolean seesAll(int choosing) {
    return heat == 0 && order.length == choosing;
  }

  /**
   * Of a network that has been measured on all images that choose.
   *
   * @param answers to them
   * @return in nats, on the images that forms are measured on
   */
  double ofAnswers(Predictions answers) {
    return answers.subset(order).klDivergence(reference);
  }

  /**
   * @param current the network that the forms are of
   * @param entries all forms of a block, or of several
   * @return in their order, without those that a heat has left out
   */
  List<Measured> of(Graph current, List<Entry> entries) {
    List<Runner> left =
        heat > 0 && !entries.isEmpty()
            ? winners(current, entries)
            : entries.stream().map(entry -> new Runner(entry, 0)).toList();
    if (left.isEmpty()) {
      return List.of();
    }
    List<Double> others =
        sums(
            current,
            left.stream().map(each -> each.entry().option().graph()).toList(),
            heat,
            order.length);
    return IntStream.range(0, left.size())
        .mapToObj(
            i ->
                new Measured(
                    left.get(i).entry(), (left.get(i).sum() + others.get(i)) / order.length))
        .toList();
  }

  private List<Runner> winners(Graph current, List<Entry> entries) {
    List<Graph> graphs = new ArrayList<>();
    entries.forEach(entry -> graphs.add(entry.option().graph()));
    graphs.add(current);
    List<Double> sums = sums(current, graphs, 0, heat);
    double now = sums.get(entries.size());
    Map<String, List<Runner>> blocks = new LinkedHashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      blocks
          .computeIfAbsent(entries.get(i).option().block().name(), unknown -> new ArrayList<>())
          .add(new Runner(entries.get(i), sums.get(i)));
    }
    Cost cost = Cost.of(current);
    return blocks.values().stream().flatMap(block -> best(block, now, cost).stream()).toList();
  }

  private List<Double> sums(Graph trunk, List<Graph> graphs, int from, int to) {
    int[] asked = IntStream.range(from, to).toArray();
    Predictions expected = reference.subset(asked);
    return answers(trunk, graphs, images.subset(asked)).stream()
        .map(answers -> answers.sumOfDivergences(expected))
        .toList();
  }

  private List<Predictions> answers(Graph trunk, List<Graph> graphs, LabelledImages seen) {
    return VariantPredictions.of(trunk, graphs, seen, compute, Progress.SILENT);
  }

  /** Of one block's forms that with the lowest price of each kind, in their order. */
  private List<Runner> best(List<Runner> forms, double now, Cost cost) {
    Cost full = Cost.of(original);
    ToDoubleFunction<Entry> macs =
        entry -> (double) (cost.macs() - entry.cost().macs()) / full.macs();
    ToDoubleFunction<Entry> bytes =
        entry -> (double) (cost.bytes() - entry.cost().bytes()) / full.bytes();
    List<ToDoubleFunction<Entry>> kinds =
        List.of(
            macs,
            bytes,
            entry -> macs.applyAsDouble(entry) + bytes.applyAsDouble(entry),
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
                          (forms.get(i).sum() - now) / heat,
                          saved.applyAsDouble(forms.get(i).entry()))))
          .ifPresent(i -> best[i] = true);
    }
    return IntStream.range(0, forms.size()).filter(i -> best[i]).mapToObj(forms::get).toList();
  }
}
