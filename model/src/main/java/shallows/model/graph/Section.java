package shallows.model.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A part of a network: what is computed from one value to another.
 *
 * @param from the only value that it begins with, the graph's input perhaps
 * @param to what comes of it; the same value where nothing is computed
 */
public record Section(Graph graph, String from, String to) {
  /**
   * @throws IllegalArgumentException when {@code to} is made of more than {@code from}
   */
  public Section {
    nodes(graph, from, to);
  }

  /** From the last value that all of a block is made of, up to its sum. */
  public static Section of(Graph graph, Block block) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      places.put(graph.nodes().get(i).name(), i);
    }
    // The latest value gives way to what it is made of, until one is left.
    TreeSet<String> open =
        new TreeSet<>(Comparator.comparing((String value) -> places.getOrDefault(value, -1)));
    open.addAll(values(graph, graph.node(block.sum())));
    while (open.size() > 1) {
      open.addAll(values(graph, graph.node(open.pollLast())));
    }
    return new Section(graph, open.first(), block.sum());
  }

  /** The same part of a graph in which the block has another form, or was dropped. */
  public Section in(Graph other, Block block) {
    return new Section(other, from, other.hasNode(to) ? to : block.shortcut());
  }

  /** The same without the branch of the block. */
  public Section without(Block block) {
    return new Section(graph, from, block.shortcut());
  }

  /** Whether images go in and come out, and not vectors. */
  public boolean isOfImages() {
    return graph.shape(from).rank() == 3 && graph.shape(to).rank() == 3;
  }

  /** In topological order. */
  public List<Node> nodes() {
    return nodes(graph, from, to);
  }

  private static List<Node> nodes(Graph graph, String from, String to) {
    Set<String> needed = new HashSet<>(Set.of(to));
    List<Node> nodes = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (needed.contains(node.name()) && !node.name().equals(from)) {
        nodes.add(0, node);
        needed.remove(node.name());
        needed.addAll(values(graph, node));
      }
    }
    needed.remove(from);
    if (!needed.isEmpty()) {
      throw new IllegalArgumentException(
          "'" + to + "' is not made of '" + from + "' alone, but of " + needed + " too");
    }
    return nodes;
  }

  private static List<String> values(Graph graph, Node node) {
    return node.inputs().stream().filter(input -> !graph.parameters().containsKey(input)).toList();
  }

  /**
   * The same for sections that take the same time: whatever weights, biases and scales are, and
   * whatever names there are.
   */
  public String structure() {
    Map<String, String> names = new HashMap<>(Map.of(from, "0"));
    StringBuilder structure = new StringBuilder(graph.shape(from).toString());
    for (Node node : nodes()) {
      Operation operation = node.operation();
      structure
          .append(' ')
          .append(operation instanceof Operation.Scale ? "Scale" : operation.toString());
      for (String input : node.inputs()) {
        structure
            .append(',')
            .append(
                graph.parameters().containsKey(input)
                    ? graph.parameter(input).shape().toString()
                    : names.get(input));
      }
      names.put(node.name(), String.valueOf(names.size()));
    }
    return structure.append(" to ").append(names.get(to)).toString();
  }

  /**
   * The section of images as a network by itself, with a ReLU and a mean behind it, so that there
   * are logits and, where nothing is computed, a node.
   */
  public Graph alone() {
    List<Node> nodes = new ArrayList<>(nodes());
    nodes.add(new Node("alone/relu", new Operation.Relu(), List.of(to)));
    nodes.add(new Node("alone/mean", new Operation.GlobalAveragePool(), List.of("alone/relu")));
    nodes.add(new Node("alone/vector", new Operation.Flatten(), List.of("alone/mean")));
    Map<String, Tensor> parameters = new LinkedHashMap<>(graph.parameters());
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.inputs()));
    parameters.keySet().retainAll(read);
    return new Graph(
        graph.name() + "/" + to,
        new Graph.Input(from, graph.shape(from)),
        nodes,
        "alone/vector",
        parameters,
        List.of(),
        Task.unnamed(graph.shape(to).dimension(0), graph.shape(from).dimension(0)),
        Map.of());
  }
}
