package shallows.export.quantize;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.export.pass.FusedActivations;
import shallows.export.pass.NonNegativeValues;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;

/**
 * From the range of each value alone to quantizations that the operators of the runtimes accept.
 *
 * <ol>
 *   <li>A pool, a Flatten, a Concat, a padding, a slice, a shuffle and a Relu by itself only select
 *       or average, and their operators do not rescale: inputs and output share the union of their
 *       ranges.
 *   <li>The terms of a sum that is written as a convolution stand side by side in one value, so
 *       they share the union of their ranges too.
 *   <li>TFLite's sigmoid has steps of 1/256 from zero on.
 *   <li>A value that cannot be negative has its zero point at 0, so that a fused Relu is where the
 *       integers end.
 *   <li>The terms of a sum are at most {@value #SMALLEST_TERM} times finer than the sum and at most
 *       {@value #LARGEST_TERM} times coarser: XNNPACK adds no others.
 *   <li>A step of a product is larger than the product of its factors' steps: nothing finer is
 *       computed, and older TFLite runtimes multiply no others.
 * </ol>
 */
public final class SharedRanges {
  /** XNNPACK's limits are 2¹⁰ and 2⁸. */
  static final double SMALLEST_TERM = 512;

  static final double LARGEST_TERM = 128;

  /** Of the product of two steps, so that rounding leaves the ratio below 1. */
  private static final double COARSER = 1.01;

  private static final Range SIGMOID = new Range(0, 255.0 / 256);

  private final Graph graph;
  private final Map<String, Node> fused;
  private final Map<String, String> leaders = new HashMap<>();
  private final Map<String, Range> ranges = new HashMap<>();

  private SharedRanges(Graph graph) {
    this.graph = graph;
    this.fused = FusedActivations.of(graph);
  }

  /**
   * @param graph of convolutions
   * @param alone the range of each value that is rounded
   * @param sums how they are written
   */
  public static Map<String, Quantization> quantizations(
      Graph graph, Map<String, Range> alone, Int8Sums sums) {
    SharedRanges shared = new SharedRanges(graph);
    for (Node node : graph.nodes()) {
      if (keepsScale(node.operation()) && !shared.isFused(node)) {
        node.inputs().forEach(input -> shared.unite(shared.written(node), input));
      }
    }
    if (sums == Int8Sums.CONVOLUTION) {
      graph.nodes().stream()
          .filter(node -> node.operation() instanceof Operation.Add)
          .forEach(node -> shared.unite(node.inputs().get(0), node.inputs().get(1)));
    }
    var nonNegative = NonNegativeValues.of(graph);
    alone.forEach(
        (value, range) -> {
          Range possible =
              nonNegative.contains(value) ? new Range(0, Math.max(0, range.high())) : range;
          if (isSigmoid(graph, value)) {
            possible = SIGMOID;
          }
          shared.ranges.merge(shared.leader(value), possible.withZero(), Range::union);
        });
    shared.balance();
    Map<String, Quantization> quantizations = new HashMap<>();
    for (String value : alone.keySet()) {
      quantizations.put(value, Quantization.of(shared.range(value)));
    }
    return quantizations;
  }

  private static boolean keepsScale(Operation operation) {
    return operation.moves() || operation instanceof Operation.AveragePool;
  }

  private static boolean isSigmoid(Graph graph, String value) {
    return graph.hasNode(value)
        && graph.node(value).operation().equals(new Operation.Activation(Operation.Curve.SIGMOID));
  }

  private void unite(String value, String other) {
    String leader = leader(value);
    if (!leader.equals(leader(other))) {
      leaders.put(leader, leader(other));
    }
  }

  private boolean isFused(Node relu) {
    return fused.containsValue(relu);
  }

  /** The value that the operator of a node writes: that of the Relu that is fused into it. */
  private String written(Node node) {
    return fused.getOrDefault(node.name(), node).name();
  }

  private String leader(String value) {
    String leader = value;
    while (leaders.containsKey(leader)) {
      leader = leaders.get(leader);
    }
    return leader;
  }

  private Range range(String value) {
    return ranges.get(leader(value));
  }

  /** Backwards, since a term may itself be a sum. */
  private void balance() {
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      String result = written(nodes.get(i));
      List<String> inputs = nodes.get(i).inputs();
      if (nodes.get(i).operation() instanceof Operation.Add) {
        for (String term : inputs) {
          widen(result, range(term).width() / LARGEST_TERM);
        }
        for (String term : inputs) {
          widen(term, range(result).width() / SMALLEST_TERM);
        }
      }
    }
    for (Node node : nodes) {
      if (node.operation() instanceof Operation.Multiply) {
        double steps = range(node.inputs().get(0)).width() * range(node.inputs().get(1)).width();
        widen(written(node), COARSER * steps / Quantization.LARGEST);
      }
    }
  }

  private void widen(String value, double least) {
    Range range = range(value);
    if (range.width() == 0 && least > 0) {
      ranges.put(leader(value), new Range(0, least));
    } else if (range.width() < least) {
      ranges.put(leader(value), range.times(least / range.width()));
    }
  }
}
