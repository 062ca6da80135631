package shallows.prune.form;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.progress.Progress;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.train.inference.LayerMoments;
import shallows.train.inference.PairedNetworks;
import shallows.train.options.Compute;

/**
 * Gives blocks other forms and fits what is left, in closed form and without labels, so that the
 * sum of each block is as near as can be to what it was in the original network. Blocks come in
 * order: each is fitted to what the smaller network really gives it, and repairs what those before
 * it have lost ({@link FittedLayer}, {@link LayerFit}). No gradient is computed.
 *
 * @param original the network as it was
 * @param images to fit on, as {@link PairedNetworks#sample} draws them; labels are not looked at
 */
public record Refit(Graph original, LabelledImages images, Compute compute) {
  public Refit {
    original = OwnParameters.of(original);
  }

  /**
   * A network in which one block has another form.
   *
   * @param graph fitted, but for what comes behind the block
   */
  public record Option(Block block, Form form, Graph graph) {}

  /**
   * All forms at once. Where no block changes, the graph is the original one.
   *
   * @param forms by block; those that are not named are kept, and those that become binary keep
   *     their precision here
   * @param progress hears of as many units as there are blocks
   */
  public Graph apply(Map<String, Form> forms, Progress progress) {
    Map<String, Form> fitted = new TreeMap<>();
    Map<String, Decision> decisions = new TreeMap<>();
    forms.forEach(
        (block, form) -> {
          fitted.put(block, form.fitted());
          decisions.put(block, form.decision());
        });
    PlanApplication.requireKnown(original, decisions, PlanApplication.dropped(original));
    FormRecord record = FormRecord.of(original);
    Graph current = original;
    boolean changed = false;
    try (PairedNetworks run = new PairedNetworks(original, images, compute)) {
      for (Block block : inOrder(original)) {
        if (current.block(block.name()).isPresent()) {
          Form form = record.missing(block.name(), fitted.getOrDefault(block.name(), Form.KEEP));
          Graph formed = formed(run, current, block, form, changed);
          changed = changed || formed != current;
          current = formed;
        }
        run.advance(current, block.sum());
        progress.advance(1, block.name());
      }
      if (changed) {
        current = record.with(fitted).writtenTo(classifierFitted(run, current));
        current = PlanApplication.remembering(original, current);
      }
    }
    return current;
  }

  private Graph formed(PairedNetworks run, Graph current, Block block, Form form, boolean changed) {
    Block own = current.block(block.name()).orElseThrow();
    return switch (form.decision()) {
      case DROP -> dropped(current, block);
      case LINEAR, SCALE -> {
        Map<Form, Graph> replaced = replaced(run, current, own);
        if (!replaced.containsKey(form)) {
          throw new BadInputException(
              "block '"
                  + block.name()
                  + "' cannot be "
                  + form.decision().done()
                  + "; keep, narrow or drop it");
        }
        yield replaced.get(form);
      }
      case NARROW -> narrow(run, current, own, form.width());
      case KEEP, BINARIZE -> changed ? repaired(run, current, own) : current;
    };
  }

  private static Graph dropped(Graph graph, Block block) {
    return PlanApplication.apply(graph, Map.of(block.name(), Decision.DROP));
  }

  /** The same layers with what they lack fitted at the end of the branch. */
  private Graph repaired(PairedNetworks run, Graph current, Block block) {
    Optional<FittedLayer> end = FittedLayer.atEnd(current, block);
    if (end.isEmpty()) {
      return current;
    }
    LayerMoments moments = moments(run, current, end.get());
    LayerFit fit = new LayerFit(moments, end.get().weights(current, moments), 1);
    return end.get().with(current, fit.weights(), moments);
  }

  private static LayerMoments moments(PairedNetworks run, Graph current, FittedLayer layer) {
    return run.moments(current, layer.layer(), layer.compared());
  }

  /** With what may stand in a branch's place, from the same sums. */
  private static Map<Form, Graph> replaced(PairedNetworks run, Graph current, Block block) {
    Map<Form, Graph> replaced = new LinkedHashMap<>();
    LinearBranch.insert(current, block)
        .ifPresent(
            graph -> {
              FittedLayer layer = FittedLayer.atEnd(graph, block).orElseThrow();
              LayerMoments moments = moments(run, graph, layer);
              ScaledBranch.of(graph, block, moments).ifPresent(g -> replaced.put(Form.SCALE, g));
              LayerFit fit = new LayerFit(moments, layer.weights(graph, moments), 1);
              replaced.put(Form.LINEAR, layer.with(graph, fit.weights(), moments));
            });
    return replaced;
  }

  private Graph narrow(PairedNetworks run, Graph current, Block block, double share) {
    List<InnerWidth> widths = InnerWidths.of(current, block);
    if (widths.isEmpty()) {
      throw new BadInputException(
          "block '"
              + block.name()
              + "' "
              + InnerWidths.whyNone(current, block)
              + "; keep or drop it");
    }
    Optional<FittedLayer> end = FittedLayer.atEnd(current, block);
    Graph graph = current;
    boolean repaired = false;
    for (InnerWidth width : widths) {
      FittedWidth fitted = FittedWidth.of(run, graph, width, end, true);
      graph = fitted.to(width.units(share), graph);
      repaired = fitted.isAtEnd();
    }
    return repaired ? graph : repaired(run, graph, block);
  }

  /** The last layer, so that the answers are those of the original. */
  private static Graph classifierFitted(PairedNetworks run, Graph current) {
    Node last = current.node(current.output());
    Optional<FittedLayer> layer =
        last.operation() instanceof Operation.Linear
            ? FittedLayer.byItself(current, last)
            : Optional.empty();
    if (layer.isEmpty()) {
      return current;
    }
    LayerMoments moments = moments(run, current, layer.get());
    LayerFit fit = new LayerFit(moments, layer.get().weights(current, moments), 1);
    return layer.get().with(current, fit.weights(), moments);
  }

  /**
   * What each block could become next, all else as it is. Each form has weights of its own, so
   * those of all blocks of a large network would be many times as large as the network.
   *
   * @param current made of the original by {@link #apply}
   * @param forms that it was made with
   * @param blocks to offer forms for, by name; what the current network lacks is left out
   * @param shares widths to offer, in (0, 1)
   * @param taker is given one after the other, in the order of the blocks
   * @param progress hears of as many units as there are blocks
   */
  public void options(
      Graph current,
      Map<String, Form> forms,
      Set<String> blocks,
      List<Double> shares,
      Consumer<Option> taker,
      Progress progress) {
    FormRecord record = FormRecord.of(original);
    long left =
        original.blocks().stream().filter(block -> isWanted(block, current, blocks)).count();
    try (PairedNetworks run = new PairedNetworks(original, images, compute)) {
      for (Block block : inOrder(original)) {
        if (isWanted(block, current, blocks)) {
          left--;
          Block own = current.block(block.name()).orElseThrow();
          Form form = forms.getOrDefault(block.name(), Form.KEEP);
          ofBlock(run, current, own, form, shares).stream()
              .filter(option -> record.allows(block.name(), option.form()))
              .forEach(taker);
        }
        if (left > 0) {
          run.advance(current, block.sum());
        }
        progress.advance(1, block.name());
      }
    }
  }

  private static boolean isWanted(Block block, Graph current, Set<String> blocks) {
    return blocks.contains(block.name()) && current.block(block.name()).isPresent();
  }

  private List<Option> ofBlock(
      PairedNetworks run, Graph current, Block block, Form form, List<Double> shares) {
    List<Option> options = new ArrayList<>();
    options.add(new Option(block, Form.DROP, dropped(current, block)));
    if (ScaledBranch.isScaled(current, block)) {
      return options;
    }
    boolean isLinear = LinearBranch.isLinear(current, block);
    replaced(run, current, block)
        .forEach(
            (other, graph) -> {
              if (!isLinear || !other.equals(Form.LINEAR)) {
                options.add(new Option(block, other, graph));
              }
            });
    if (isLinear) {
      return options;
    }
    double now = form.width() == null ? 1 : form.width();
    List<Double> narrower =
        shares.stream().filter(s -> s < now).sorted(Comparator.reverseOrder()).toList();
    narrowed(run, current, block, now, narrower)
        .forEach((share, graph) -> options.add(new Option(block, Form.narrow(share), graph)));
    return options;
  }

  /** Narrower ones, each from the same sums: a layer inside keeps to what it gives now. */
  private Map<Double, Graph> narrowed(
      PairedNetworks run, Graph current, Block block, double now, List<Double> shares) {
    Map<Double, Graph> graphs = new LinkedHashMap<>();
    Optional<FittedLayer> end = FittedLayer.atEnd(current, block);
    for (InnerWidth width : InnerWidths.of(current, block)) {
      FittedWidth fitted = FittedWidth.of(run, current, width, end, false);
      for (double share : shares) {
        Graph before = graphs.getOrDefault(share, current);
        graphs.put(share, fitted.to(width.units(share / now), before));
      }
    }
    return graphs;
  }

  private static List<Block> inOrder(Graph graph) {
    List<String> names = graph.nodes().stream().map(Node::name).toList();
    return graph.blocks().stream()
        .sorted(Comparator.comparingInt(block -> names.indexOf(block.sum())))
        .toList();
  }
}
