package shallows.prune.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.Refit;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.train.inference.VariantPredictions;

/**
 * Measures how far forms of blocks move the answers of a network from those of the one that it is
 * made of. What it finds of a block does not depend on which others are measured with it: each is
 * fitted to the same two networks, whose values on the way are the same, and what it shares with
 * others is computed once with the same result.
 */
public final class FormMeter {
  /** Widths that are tried: finer ones are reached by no more than other rounds. */
  private static final List<Double> SHARES = List.of(0.75, 0.5, 0.25);

  /**
   * Floats that forms which are measured together have of their own, 64 MB: the more there are, the
   * more of the network they share, and the more memory their weights take, here and in LibTorch.
   */
  private static final long TOGETHER = 16L << 20;

  /**
   * Multiply-accumulates that one network may take to be measured with one form: at 224 pixels a
   * ResNet-50 sees 100 images, a ResNet-18 225. A divergence says much of each image, and a round
   * asks about a hundred forms; what they come to together is measured on all images.
   */
  private static final long WORK = 410_000_000_000L;

  /** So many images are looked at whatever they cost. */
  private static final int FEWEST = 64;

  private final Refit refit;
  private final LabelledImages images;
  private final LabelledImages some;
  private final Set<Decision> menu;
  private final Predictions original;

  /**
   * @param refit of the network to make smaller
   * @param images that choose; none of those that are fitted on. Forms of large networks are
   *     measured on some of them
   * @param menu of what a block may become
   */
  public FormMeter(Refit refit, LabelledImages images, Set<Decision> menu) {
    this(refit, images, menu, affordable(refit.original()));
  }

  /**
   * @param most images that a form is measured on
   */
  FormMeter(Refit refit, LabelledImages images, Set<Decision> menu, int most) {
    this.refit = refit;
    this.images = images;
    this.some = images.evenly(most);
    this.menu = Set.copyOf(menu);
    this.original = answers(refit.original());
  }

  /** How many images a form of a network is measured on, where there are so many. */
  static int affordable(Graph graph) {
    long allowed = WORK / Math.max(1, Cost.of(graph).macs());
    return (int) Math.min(Integer.MAX_VALUE, Math.max(FEWEST, allowed));
  }

  Refit refit() {
    return refit;
  }

  LabelledImages images() {
    return images;
  }

  Set<Decision> menu() {
    return menu;
  }

  /** What the network that is made smaller answers. */
  Predictions original() {
    return original;
  }

  Predictions answers(Graph graph) {
    return answers(graph, List.of(graph), images).get(0);
  }

  /**
   * How far answers are from those of the network that is made smaller, in nats, on the images that
   * forms are measured on.
   *
   * @param answers to all images that choose
   */
  double divergence(Predictions answers) {
    return answers.evenly(some.size()).klDivergence(original.evenly(some.size()));
  }

  private List<Predictions> answers(Graph trunk, List<Graph> graphs, LabelledImages seen) {
    return VariantPredictions.of(trunk, graphs, seen, refit.compute(), Progress.SILENT);
  }

  /** How many forms of a block there may be. */
  public static int most(Set<Decision> menu) {
    return menu.size() + (menu.contains(Decision.NARROW) ? SHARES.size() - 1 : 0);
  }

  /**
   * All forms on the menu, each alone.
   *
   * @param current made of the original by {@link Refit#apply}
   * @param forms that it was made with
   * @param blocks to try forms of, by name
   */
  public List<FormPrice> measure(Graph current, Map<String, Form> forms, Set<String> blocks) {
    return measure(current, forms, blocks, (block, graph) -> null, Progress.SILENT);
  }

  /**
   * The same where time is limited.
   *
   * @param milliseconds that a network with a form of a block saves; null where that is not known
   * @param progress hears of as many units as there are blocks
   */
  List<FormPrice> measure(
      Graph current,
      Map<String, Form> forms,
      Set<String> blocks,
      BiFunction<Block, Graph, Double> milliseconds,
      Progress progress) {
    List<FormPrice> prices = new ArrayList<>();
    List<Refit.Option> waiting = new ArrayList<>();
    refit.options(
        current,
        forms,
        blocks,
        SHARES,
        option -> {
          if (!menu.contains(option.form().decision())) {
            return;
          }
          waiting.add(option);
          if (ownFloats(current, waiting) >= TOGETHER) {
            prices.addAll(prices(current, waiting, milliseconds));
            waiting.clear();
          }
        },
        progress);
    prices.addAll(prices(current, waiting, milliseconds));
    return prices;
  }

  private List<FormPrice> prices(
      Graph current, List<Refit.Option> options, BiFunction<Block, Graph, Double> milliseconds) {
    List<Graph> graphs = options.stream().map(Refit.Option::graph).toList();
    List<Predictions> found = graphs.isEmpty() ? List.of() : answers(current, graphs, some);
    Predictions reference = original.evenly(some.size());
    List<FormPrice> prices = new ArrayList<>();
    for (int i = 0; i < graphs.size(); i++) {
      Block block = options.get(i).block();
      prices.add(
          new FormPrice(
              block.name(),
              options.get(i).form(),
              Cost.of(graphs.get(i)),
              milliseconds.apply(block, graphs.get(i)),
              found.get(i).klDivergence(reference)));
    }
    return prices;
  }

  /** What the network does not have. */
  private static long ownFloats(Graph current, List<Refit.Option> options) {
    return options.stream()
        .flatMap(option -> option.graph().parameters().entrySet().stream())
        .filter(each -> current.parameters().get(each.getKey()) != each.getValue())
        .mapToLong(each -> each.getValue().size())
        .sum();
  }
}
