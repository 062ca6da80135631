package shallows.prune.form;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;

/**
 * Finds which channels of a branch are its own.
 *
 * <ol>
 *   <li>A convolution of one group, or a fully connected layer, gives channels of a new kind and
 *       ends those that it reads: basic blocks have one kind between two convolutions, bottlenecks
 *       two.
 *   <li>What computes channel by channel hands them on: batch norm, activations, pools, factors.
 *   <li>A convolution of groups ties what it reads and what it gives, group by group; a depthwise
 *       one, channel by channel. So ResNeXt loses whole groups, an inverted residual channels of
 *       its expansion.
 *   <li>Sums and products tie what they read: squeeze-and-excitation and what it weighs.
 *   <li>Fixed are channels that enter or leave the branch, that layer norm reads (it is over all of
 *       them), that a concatenation, slice, shuffle or flattening puts elsewhere, that binary
 *       convolutions or shared parameters touch.
 *   <li>Left alone are those with less than a twentieth of the branch's MACs, like the squeezed
 *       ones of squeeze-and-excitation.
 * </ol>
 */
final class InnerWidths {
  private static final double LEAST_SHARE = 0.05;

  private final Graph graph;
  private final Block block;
  private final List<Node> branch;
  private final Set<String> inside = new LinkedHashSet<>();
  private final Map<String, Integer> parameterUses = new HashMap<>();

  /** Kinds of channels: a forest, with the parent of each. */
  private final List<Integer> parents = new ArrayList<>();

  private final List<Integer> units = new ArrayList<>();
  private final List<String> fixed = new ArrayList<>();
  private final Map<String, Integer> kinds = new HashMap<>();

  private InnerWidths(Graph graph, Block block) {
    this.graph = graph;
    this.block = block;
    branch = graph.branch(block);
    branch.forEach(node -> inside.add(node.name()));
    graph.nodes().forEach(n -> n.inputs().forEach(i -> parameterUses.merge(i, 1, Integer::sum)));
    branch.forEach(this::visit);
    if (inside.contains(block.branch())) {
      fix(kinds.get(block.branch()), "they leave the branch");
    }
  }

  /** Those of a block, in the order in which they end. */
  static List<InnerWidth> of(Graph graph, Block block) {
    return new InnerWidths(graph, block).widths();
  }

  /** Why a block has none, in words that follow its name. */
  static String whyNone(Graph graph, Block block) {
    Set<String> reasons = new LinkedHashSet<>();
    InnerWidths found = new InnerWidths(graph, block);
    for (int kind = 0; kind < found.parents.size(); kind++) {
      String reason = found.fixed.get(found.root(kind));
      if (reason != null) {
        reasons.add(reason);
      }
    }
    return "has no channels of its own to take away: " + String.join(", ", reasons);
  }

  private void visit(Node node) {
    Operation operation = node.operation();
    String x = node.inputs().get(0);
    boolean shared =
        node.inputs().stream()
            .anyMatch(i -> graph.parameters().containsKey(i) && parameterUses.get(i) > 1);
    int read = kind(x);
    int given;
    if (operation instanceof Operation.Conv2d conv && conv.groups() > 1) {
      coarsen(read, conv.groups());
      given = read;
      fixIf(conv.precision() == Precision.BINARY, read, "a binary convolution reads them");
    } else if (operation instanceof Operation.Conv2d || operation instanceof Operation.Linear) {
      given = added(graph.shape(node.name()).dimension(0));
      boolean binary =
          operation instanceof Operation.Conv2d conv && conv.precision() == Precision.BINARY;
      fixIf(binary, read, "a binary convolution reads them");
      fixIf(binary, given, "a binary convolution gives them");
    } else if (operation instanceof Operation.Add || operation instanceof Operation.Multiply) {
      given = tie(read, kind(node.inputs().get(1)));
    } else if (mixes(node)) {
      node.inputs().stream()
          .filter(i -> !graph.parameters().containsKey(i))
          .forEach(i -> fix(kind(i), node.operation().label() + " reads them all"));
      given = added(graph.shape(node.name()).dimension(0));
      fix(given, node.operation().label() + " gives them");
    } else {
      given = read;
    }
    fixIf(shared, read, "parameters are shared");
    fixIf(shared, given, "parameters are shared");
    kinds.put(node.name(), given);
  }

  /** Whether channels come out at other places, or depend on all of them. */
  private boolean mixes(Node node) {
    Operation operation = node.operation();
    if (operation instanceof Operation.Flatten) {
      Shape shape = graph.shape(node.inputs().get(0));
      return shape.size() != shape.dimension(0);
    }
    return !(operation instanceof Operation.BatchNorm
        || operation instanceof Operation.Relu
        || operation instanceof Operation.Clip
        || operation instanceof Operation.LeakyRelu
        || operation instanceof Operation.Activation
        || operation instanceof Operation.Power
        || operation instanceof Operation.Scale
        || operation instanceof Operation.Dropout
        || operation instanceof Operation.MaxPool
        || operation instanceof Operation.AveragePool
        || operation instanceof Operation.GlobalAveragePool
        || operation instanceof Operation.PadImage
        || operation instanceof Operation.CropImage
        || operation instanceof Operation.SelectPixels
        || operation instanceof Operation.Resize
        || operation instanceof Operation.Unflatten);
  }

  private int kind(String value) {
    Integer known = kinds.get(value);
    if (known == null) {
      known = added(graph.shape(value).dimension(0));
      fix(known, "they enter the branch");
      kinds.put(value, known);
    }
    return root(known);
  }

  private int added(int channels) {
    parents.add(parents.size());
    units.add(channels);
    fixed.add(null);
    return parents.size() - 1;
  }

  private int root(int kind) {
    int root = kind;
    while (parents.get(root) != root) {
      root = parents.get(root);
    }
    return root;
  }

  private int tie(int one, int other) {
    int first = root(one);
    int second = root(other);
    if (first != second) {
      parents.set(second, first);
      coarsen(first, units.get(second));
      if (fixed.get(second) != null) {
        fix(first, fixed.get(second));
      }
    }
    return first;
  }

  /** Units are runs of channels that both partitions have whole. */
  private void coarsen(int kind, int groups) {
    int root = root(kind);
    int one = units.get(root);
    int other = groups;
    while (other > 0) {
      int rest = one % other;
      one = other;
      other = rest;
    }
    units.set(root, one);
  }

  private void fix(int kind, String reason) {
    if (fixed.get(root(kind)) == null) {
      fixed.set(root(kind), reason);
    }
  }

  private void fixIf(boolean applies, int kind, String reason) {
    if (applies) {
      fix(kind, reason);
    }
  }

  private List<InnerWidth> widths() {
    Map<Integer, Map<String, Integer>> values = new LinkedHashMap<>();
    Map<Integer, List<Node>> readers = new HashMap<>();
    Map<Integer, Long> macs = new HashMap<>();
    long all = Cost.of(graph, block).macs();
    for (Node node : branch) {
      int given = root(kinds.get(node.name()));
      long work = Cost.of(graph, node).macs();
      macs.merge(given, work, Long::sum);
      if (fixed.get(given) == null) {
        values
            .computeIfAbsent(given, kind -> new HashMap<>())
            .put(node.name(), graph.shape(node.name()).dimension(0) / units.get(given));
      }
      boolean ends =
          node.operation() instanceof Operation.Linear
              || node.operation() instanceof Operation.Conv2d conv && conv.groups() == 1;
      if (ends) {
        int read = root(kinds.get(node.inputs().get(0)));
        macs.merge(read, work, Long::sum);
        readers.computeIfAbsent(read, kind -> new ArrayList<>()).add(node);
      }
    }
    List<InnerWidth> widths = new ArrayList<>();
    values.forEach(
        (kind, channels) -> {
          List<Node> ending = readers.getOrDefault(kind, List.of());
          if (units.get(kind) > 1 && !ending.isEmpty() && macs.get(kind) >= LEAST_SHARE * all) {
            ending.sort(
                Comparator.comparingLong((Node node) -> Cost.of(graph, node).macs()).reversed());
            widths.add(new InnerWidth(units.get(kind), channels, ending));
          }
        });
    widths.sort(Comparator.comparingInt(width -> branch.indexOf(width.readers().get(0))));
    return widths;
  }
}
