package shallows.model.graph;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network: nodes in topological order over named parameters, one image in, one vector of logits
 * out. Immutable; the {@code with…} methods return changed copies. A graph that exists is well
 * formed: names are unique, inputs stand before their use, shapes fit.
 */
public final class Graph {
  /**
   * The image that goes in.
   *
   * @param name of the value
   * @param shape {@code (C, H, W)}
   */
  public record Input(String name, Shape shape) {}

  private final String name;
  private final Input input;
  private final List<Node> nodes;
  private final String output;
  private final Map<String, Tensor> parameters;
  private final List<Block> blocks;
  private final Task task;
  private final Map<String, String> metadata;
  private final Map<String, Node> byName;
  private final Map<String, Shape> shapes;

  /**
   * @param name of the network, for example {@code resnet-32-s2}
   * @param nodes in topological order
   * @param output the node whose value is the result
   * @param parameters every one that a node names; others are refused
   * @param blocks in the order of depth
   * @param metadata whatever else travels with the file, by key
   * @throws IllegalArgumentException naming the node or block that does not fit
   */
  public Graph(
      String name,
      Input input,
      List<Node> nodes,
      String output,
      Map<String, Tensor> parameters,
      List<Block> blocks,
      Task task,
      Map<String, String> metadata) {
    this.name = name;
    this.input = input;
    this.nodes = List.copyOf(nodes);
    this.output = output;
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    this.blocks = List.copyOf(blocks);
    this.task = task;
    this.metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    this.byName = new HashMap<>();
    ShapeInference inference = new ShapeInference(input, this.parameters);
    for (Node node : this.nodes) {
      inference.add(node);
      byName.put(node.name(), node);
    }
    requireNamesApart();
    this.shapes = inference.shapes();
    if (!byName.containsKey(output)) {
      throw new IllegalArgumentException("output '" + output + "' is not a node of the graph");
    }
    requireParametersUsed();
    requireBlocksFit();
  }

  /** Parameters and values share one name space, as they do in ONNX. */
  private void requireNamesApart() {
    for (String parameter : parameters.keySet()) {
      if (byName.containsKey(parameter) || parameter.equals(input.name())) {
        throw new IllegalArgumentException(
            "'" + parameter + "' names both a parameter and a value");
      }
    }
  }

  private void requireParametersUsed() {
    Set<String> used = new HashSet<>();
    nodes.forEach(node -> used.addAll(node.inputs()));
    for (String parameter : parameters.keySet()) {
      if (!used.contains(parameter)) {
        throw new IllegalArgumentException("parameter '" + parameter + "' is used by no node");
      }
    }
  }

  private void requireBlocksFit() {
    Set<String> names = new HashSet<>();
    for (Block block : blocks) {
      Node sum = byName.get(block.sum());
      boolean adds =
          sum != null
              && (sum.operation() instanceof Operation.Add
                  || sum.operation() instanceof Operation.Concat)
              && sum.inputs().size() == 2
              && Set.copyOf(sum.inputs()).equals(Set.of(block.shortcut(), block.branch()));
      if (!names.add(block.name()) || !adds) {
        throw new IllegalArgumentException(
            "block '"
                + block.name()
                + "' must have a name of its own and an Add or Concat of its shortcut and its"
                + " branch, found "
                + sum);
      }
    }
  }

  public String name() {
    return name;
  }

  public Input input() {
    return input;
  }

  public List<Node> nodes() {
    return nodes;
  }

  public String output() {
    return output;
  }

  /** The parameters by name, in the order in which they were given. */
  public Map<String, Tensor> parameters() {
    return parameters;
  }

  /** The residual blocks, shallowest first. */
  public List<Block> blocks() {
    return blocks;
  }

  public Task task() {
    return task;
  }

  public Map<String, String> metadata() {
    return metadata;
  }

  /** The number of logits. */
  public int classes() {
    return shape(output).size();
  }

  /**
   * @throws IllegalArgumentException when there is no such node
   */
  public Node node(String nodeName) {
    Node node = byName.get(nodeName);
    if (node == null) {
      throw new IllegalArgumentException("no node '" + nodeName + "' in " + name);
    }
    return node;
  }

  /** Whether a value of this name is computed by a node (rather than a parameter or the input). */
  public boolean hasNode(String nodeName) {
    return byName.containsKey(nodeName);
  }

  /**
   * @throws IllegalArgumentException when there is no such parameter
   */
  public Tensor parameter(String parameterName) {
    Tensor parameter = parameters.get(parameterName);
    if (parameter == null) {
      throw new IllegalArgumentException("no parameter '" + parameterName + "' in " + name);
    }
    return parameter;
  }

  public Optional<Block> block(String blockName) {
    return blocks.stream().filter(block -> block.name().equals(blockName)).findFirst();
  }

  /** The shape of the input or of a node's value, without the batch axis. */
  public Shape shape(String value) {
    Shape shape = shapes.get(value);
    if (shape == null) {
      throw new IllegalArgumentException("no value '" + value + "' in " + name);
    }
    return shape;
  }

  /** How many nodes read each value; the graph's output counts as read once more. */
  public Map<String, Integer> uses() {
    Map<String, Integer> uses = new HashMap<>();
    for (Node node : nodes) {
      node.inputs().forEach(value -> uses.merge(value, 1, Integer::sum));
    }
    uses.merge(output, 1, Integer::sum);
    return uses;
  }

  /**
   * The nodes that only the branch of {@code block} needs, in topological order: those that would
   * be dead if the block's sum were its shortcut.
   */
  public List<Node> branch(Block block) {
    List<Node> others = nodes.stream().filter(node -> !node.name().equals(block.sum())).toList();
    Set<String> alive = Liveness.needed(others, List.of(output, block.shortcut()));
    return others.stream().filter(node -> !alive.contains(node.name())).toList();
  }

  /**
   * The probability that the block is on in a training step, in [0, 1]: the factor at the end of
   * its branch, 1 where there is none.
   */
  public float survival(Block block) {
    return hasNode(block.branch())
            && node(block.branch()).operation() instanceof Operation.Scale scale
        ? scale.factor()
        : 1f;
  }

  /** {@link Precision#BINARY} if a convolution of the block's branch is. */
  public Precision precision(Block block) {
    boolean binary =
        branch(block).stream()
            .anyMatch(
                node ->
                    node.operation() instanceof Operation.Conv2d conv
                        && conv.precision() == Precision.BINARY);
    return binary ? Precision.BINARY : Precision.FLOAT;
  }

  /**
   * What the sum of a block is without its branch: nothing but its shortcut, or the zeros that
   * stand for a branch that was beside it.
   */
  public Optional<Operation.PadChannels> withoutBranch(Block block) {
    Node sum = node(block.sum());
    if (!(sum.operation() instanceof Operation.Concat)) {
      return Optional.empty();
    }
    int zeros = shape(block.branch()).dimension(0);
    boolean first = sum.inputs().get(0).equals(block.branch());
    return Optional.of(new Operation.PadChannels(first ? zeros : 0, first ? 0 : zeros));
  }

  /** Another computation, of the same name, input, task and metadata. */
  public Graph with(
      List<Node> others, String newOutput, Map<String, Tensor> values, List<Block> newBlocks) {
    return new Graph(name, input, others, newOutput, values, newBlocks, task, metadata);
  }

  public Graph withName(String other) {
    return new Graph(other, input, nodes, output, parameters, blocks, task, metadata);
  }

  public Graph withTask(Task other) {
    return new Graph(name, input, nodes, output, parameters, blocks, other, metadata);
  }

  /**
   * @param others values for some or all of the parameters, of the shapes they have
   */
  public Graph withParameters(Map<String, Tensor> others) {
    Map<String, Tensor> merged = new LinkedHashMap<>(parameters);
    others.forEach(
        (parameterName, value) -> {
          if (!parameter(parameterName).shape().equals(value.shape())) {
            throw new IllegalArgumentException(
                "parameter '"
                    + parameterName
                    + "' has shape "
                    + parameter(parameterName).shape()
                    + ", found "
                    + value.shape());
          }
          merged.put(parameterName, value);
        });
    return new Graph(name, input, nodes, output, merged, blocks, task, metadata);
  }

  public Graph withMetadata(String key, String value) {
    Map<String, String> merged = new LinkedHashMap<>(metadata);
    merged.put(key, value);
    return new Graph(name, input, nodes, output, parameters, blocks, task, merged);
  }

  @Override
  public String toString() {
    return name + " (" + nodes.size() + " nodes, " + blocks.size() + " blocks)";
  }
}
