package shallows.model.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A graph in the middle of one pass. Passes walk its nodes in order and fold some into others. */
public final class GraphEdit {
  private final Graph graph;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters;
  private final Map<String, String> forwarded = new HashMap<>();
  private final Map<String, Integer> uses;

  public GraphEdit(Graph graph) {
    this.graph = graph;
    this.parameters = new LinkedHashMap<>(graph.parameters());
    this.uses = graph.uses();
    graph.nodes().forEach(node -> nodes.put(node.name(), node));
  }

  /** The node that computes the first input of {@code node}, as it stands after earlier folds. */
  public Optional<Node> producer(Node node) {
    return Optional.ofNullable(nodes.get(source(node)));
  }

  /** As {@link #producer}, but only where nobody else reads that value. */
  public Optional<Node> soleProducer(Node node) {
    // Where an earlier node was folded away, the value it stood for had that node as its only
    // reader, so the readers of the value are those of the name that the graph knew.
    return uses.get(node.inputs().get(0)) == 1 ? producer(node) : Optional.empty();
  }

  /** The name of the first input of {@code node}, past everything that was folded away. */
  public String source(Node node) {
    String value = node.inputs().get(0);
    while (forwarded.containsKey(value)) {
      value = forwarded.get(value);
    }
    return value;
  }

  public Tensor parameter(String name) {
    return parameters.get(name);
  }

  /** Gives a parameter another value, under a new name where other nodes read the old one. */
  public String changed(String name, Tensor value) {
    if (uses.get(name) == 1) {
      parameters.put(name, value);
      return name;
    }
    return added(name, value);
  }

  /** Adds a parameter under {@code wish}, or a name like it where that is taken. */
  public String added(String wish, Tensor value) {
    String name = wish;
    while (parameters.containsKey(name) || nodes.containsKey(name)) {
      name += "/folded";
    }
    parameters.put(name, value);
    uses.put(name, 1);
    return name;
  }

  /** Puts {@code other} in the place of the node of the same name. */
  public void replace(Node other) {
    nodes.put(other.name(), other);
  }

  /** Whoever reads {@code node} reads its first input instead. */
  public void bypass(Node node) {
    forwarded.put(node.name(), source(node));
  }

  public Graph result() {
    return forwarded.isEmpty() && List.copyOf(nodes.values()).equals(graph.nodes())
        ? graph
        : Rewrites.replace(graph, new ArrayList<>(nodes.values()), parameters, forwarded);
  }
}
