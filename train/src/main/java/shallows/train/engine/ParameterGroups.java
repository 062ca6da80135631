package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.train.options.LayerRates;

/**
 * The trained parameters of a graph, sorted into groups: first what every step trains, then, block
 * by block, what only that block's branch reads. In one array in this order, the optimizer updates
 * a few long ranges and leaves out those of blocks that were off.
 *
 * <p>Group 0 is what is always on; group b + 1 belongs to block b. Where layers learn at different
 * rates, what is always on and learns at the full rate is a last group. A group may be empty.
 */
final class ParameterGroups {
  private final List<String> names = new ArrayList<>();
  private final long[] ends;
  private final LayerRates rates;
  private final int blocks;

  /**
   * @param rates whose full ones no block has
   */
  ParameterGroups(Graph graph, LayerRates rates) {
    this.rates = rates;
    blocks = graph.blocks().size();
    Map<String, Integer> groups = groups(graph);
    for (String name : rates.full()) {
      if (groups.getOrDefault(name, -1) != 0) {
        throw new IllegalArgumentException("'" + name + "' is no parameter that is always on");
      }
      groups.put(name, blocks + 1);
    }
    ends = new long[blocks + (rates.full().isEmpty() ? 1 : 2)];
    long end = 0;
    for (int group = 0; group < ends.length; group++) {
      for (Map.Entry<String, Integer> entry : groups.entrySet()) {
        if (entry.getValue() == group) {
          names.add(entry.getKey());
          end += graph.parameter(entry.getKey()).size();
        }
      }
      ends[group] = end;
    }
  }

  /** The group of each trained parameter, in the graph's order. */
  private static Map<String, Integer> groups(Graph graph) {
    Map<String, Integer> groups = new LinkedHashMap<>();
    graph.parameters().keySet().forEach(name -> groups.put(name, 0));
    stored(graph).forEach(groups::remove);
    for (int b = 0; b < graph.blocks().size(); b++) {
      Block block = graph.blocks().get(b);
      Set<Node> branch = new HashSet<>(graph.branch(block));
      Set<String> elsewhere = new HashSet<>();
      graph.nodes().stream()
          .filter(node -> !branch.contains(node))
          .forEach(node -> elsewhere.addAll(node.inputs()));
      for (Node node : branch) {
        for (String input : node.inputs()) {
          // A parameter that two places share is trained by both, so it is always on.
          if (groups.containsKey(input) && !elsewhere.contains(input)) {
            groups.put(input, b + 1);
          }
        }
      }
    }
    return groups;
  }

  /** The parameters that no gradient trains: mean and variance of batch norm. */
  static List<String> stored(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> node.operation() instanceof Operation.BatchNorm)
        .flatMap(node -> node.inputs().subList(3, 5).stream())
        .distinct()
        .toList();
  }

  /** The trained parameters, group by group. */
  List<String> names() {
    return names;
  }

  /** Of each group the factor of its learning rate. */
  double[] factors() {
    double[] factors = new double[ends.length];
    Arrays.fill(factors, rates.others());
    if (ends.length > blocks + 1) {
      factors[blocks + 1] = 1;
    }
    return factors;
  }

  /**
   * Whether each group takes part in a step.
   *
   * @param on block by block; null for all
   */
  boolean[] active(boolean[] on) {
    boolean[] active = new boolean[ends.length];
    for (int group = 0; group < active.length; group++) {
      active[group] = group == 0 || group > blocks || on == null || on[group - 1];
    }
    return active;
  }

  /** Views of the groups inside an array of all parameters in this order. */
  List<NDArray> views(NDArray flat) {
    return FlatTensors.split(flat, ends);
  }
}
