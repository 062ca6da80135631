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
   * Floats of their own, 32 MB, that forms may have to be measured together with those of the next
   * block, which come on top: the more there are, the more of the network they share, and the more
   * memory their weights take, here and in LibTorch. Forms of one block are always together.
   */
  private static final long TOGETHER = 8L << 20;

  private final Refit refit;
  private final LabelledImages images;
  private final Set<Decision> menu;
  private final FormDivergences divergences;

  /** Not computed before it is asked for. */
  private Predictions original;

  /**
   * @param refit of the network to make smaller
   * @param images that choose; none of those that are fitted on
   * @param menu of what a block may become
   */
  public FormMeter(Refit refit, LabelledImages images, Set<Decision> menu) {
    this.refit = refit;
    this.images = images;
    this.menu = Set.copyOf(menu);
    this.divergences = new FormDivergences(refit.original(), images, refit.compute());
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
    if (original == null) {
      original =
          divergences.seesAll(images.size()) ? divergences.reference() : answers(refit.original());
    }
    return original;
  }

  Predictions answers(Graph graph) {
    return VariantPredictions.of(graph, List.of(graph), images, refit.compute(), Progress.SILENT)
        .get(0);
  }

  /**
   * How far answers are from those of the network that is made smaller, in nats, on the images that
   * forms are measured on.
   *
   * @param answers to all images that choose
   */
  double divergence(Predictions answers) {
    return divergences.ofAnswers(answers);
  }

  /** How many forms of a block there may be. */
  public static int most(Set<Decision> menu) {
    return menu.size() + (menu.contains(Decision.NARROW) ? SHARES.size() - 1 : 0);
  }

  /**
   * All forms on the menu, each alone; of a large network those that are worth asking all images
   * about ({@link FormDivergences}).
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
          Block before = waiting.isEmpty() ? null : waiting.get(waiting.size() - 1).block();
          if (!option.block().equals(before) && ownFloats(current, waiting) >= TOGETHER) {
            prices.addAll(prices(current, waiting, milliseconds));
            waiting.clear();
          }
          waiting.add(option);
        },
        progress);
    prices.addAll(prices(current, waiting, milliseconds));
    return prices;
  }

  private List<FormPrice> prices(
      Graph current, List<Refit.Option> options, BiFunction<Block, Graph, Double> milliseconds) {
    List<FormDivergences.Entry> entries = new ArrayList<>();
    for (Refit.Option option : options) {
      entries.add(
          new FormDivergences.Entry(
              option, Cost.of(option.graph()), milliseconds.apply(option.block(), option.graph())));
    }
    return divergences.of(current, entries).stream()
        .map(
            found ->
                new FormPrice(
                    found.entry().option().block().name(),
                    found.entry().option().form(),
                    found.entry().cost(),
                    found.entry().milliseconds(),
                    found.divergence()))
        .toList();
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
