package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.ShapeInference;
import shallows.model.graph.Tensor;

/** A file in the middle of being read: what its names stand for, and the nodes so far. */
final class OnnxImport {
  /** Stands for the number of images in a vector of extents, where a file leaves it open. */
  static final long BATCH = OnnxFolding.BATCH;

  private final OnnxConstants constants;
  private final OnnxFolding folding;
  private final int opset;
  private final Map<String, Integer> readers;
  private final Map<String, OnnxFlow> flows = new HashMap<>();
  private final Map<String, OnnxScores> scores = new HashMap<>();
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters = new HashMap<>();
  private final ShapeInference shapes;
  private final long images;
  private final boolean own;
  private final OnnxIntegers integers;

  /**
   * @param folding of what depends on no pixel
   * @param opset of the file
   * @param readers how many nodes of the file read each name
   * @param fileBatch the number of images that the file takes, or 0 where that is open
   * @param own whether the file is one that was written here
   */
  OnnxImport(
      OnnxConstants constants,
      OnnxFolding folding,
      int opset,
      Map<String, Integer> readers,
      Graph.Input input,
      OnnxLayout layout,
      long fileBatch,
      boolean own) {
    this.own = own;
    this.constants = constants;
    this.folding = folding;
    this.opset = opset;
    this.readers = readers;
    this.images = fileBatch == 0 ? BATCH : fileBatch;
    this.shapes = new ShapeInference(input, parameters);
    this.integers = new OnnxIntegers(this, input.name());
    flows.put(input.name(), new OnnxFlow(input.name(), layout));
  }

  OnnxConstants constants() {
    return constants;
  }

  OnnxFolding folding() {
    return folding;
  }

  /** Where the file rounds values. */
  OnnxIntegers integers() {
    return integers;
  }

  /** By which the operators of the file are meant. */
  int opset() {
    return opset;
  }

  Optional<OnnxFlow> flow(String name) {
    return Optional.ofNullable(flows.get(name));
  }

  /** Lets a name of the file stand for a value that is there. */
  void define(String name, OnnxFlow flow) {
    OnnxFlow settled = flow.withLayout(flow.layout().settled(images));
    if (flows.putIfAbsent(name, settled) != null || folding.isKnown(name)) {
      throw new IllegalArgumentException(
          "expected a name of its own for each value, found '" + name + "' again");
    }
  }

  /** Gives a name that was just defined other axes. */
  void redefine(String name, OnnxFlow flow) {
    flows.put(name, flow.withLayout(flow.layout().settled(images)));
  }

  /** Scores of attention, which are no value of the graph, under this name. */
  Optional<OnnxScores> scores(String name) {
    return Optional.ofNullable(scores.get(name));
  }

  void define(String name, OnnxScores product) {
    OnnxScores settled = product.withLayout(product.layout().settled(images));
    if (scores.putIfAbsent(name, settled) != null || flows.containsKey(name)) {
      throw new IllegalArgumentException(
          "expected a name of its own for each value, found '" + name + "' again");
    }
  }

  /** Whether integers are known under this name, among them perhaps {@link #BATCH}. */
  boolean hasIntegers(String name) {
    return folding.hasIntegers(name);
  }

  long[] integers(String name) {
    return folding.integers(name);
  }

  /** The shape of a value of the graph. */
  Shape shape(String value) {
    return shapes.shapes().get(value);
  }

  /** Whether each image of the file was one of the graph that it was written of. */
  boolean isOwn() {
    return own;
  }

  /** The number of images that the file takes, or {@link #BATCH}. */
  long images() {
    return images;
  }

  /** The extents of a value in the file. */
  long[] extents(OnnxFlow flow) {
    return flow.layout().extents(images);
  }

  /**
   * Adds a node under {@code wish}, or a name like it where that is taken.
   *
   * @return its name
   */
  String add(String wish, Operation operation, List<String> inputs) {
    String name = wish;
    while (shapes.shapes().containsKey(name) || constants.contains(name)) {
      name += "_";
    }
    // Names that stand for one constant must read one parameter.
    List<String> read =
        inputs.stream()
            .map(value -> shapes.shapes().containsKey(value) ? value : constants.canonical(value))
            .toList();
    Node node = new Node(name, operation, read);
    for (String input : read) {
      if (!shapes.shapes().containsKey(input)) {
        parameters.put(input, constants.parameter(input));
      }
    }
    shapes.add(node);
    nodes.put(name, node);
    integers.note(node);
    return name;
  }

  /** Whether one node of the file reads this name. */
  boolean isReadOnce(String name) {
    return readers.getOrDefault(name, 0) == 1;
  }

  /** The node of a value that nothing but the one node that is read now has read or will. */
  Optional<Node> ownNode(String name, OnnxFlow flow) {
    return isReadOnce(name) && flow.value().equals(name)
        ? Optional.ofNullable(nodes.get(name))
        : Optional.empty();
  }

  /** The same of a value that has got other axes since, if no name of it has two readers. */
  Optional<Node> turnedNode(OnnxFlow flow) {
    boolean once =
        flows.entrySet().stream()
            .filter(named -> named.getValue().value().equals(flow.value()))
            .allMatch(named -> isReadOnce(named.getKey()));
    return once ? Optional.ofNullable(nodes.get(flow.value())) : Optional.empty();
  }

  /** The node of a value, if it is computed. */
  Optional<Node> node(String value) {
    return Optional.ofNullable(nodes.get(value));
  }

  /** The name of a constant that is what one, repeated for each image, is for all of them. */
  Optional<String> ofEachImage(String name) {
    if (constants.contains(name) || !folding.isKnown(name) || folding.hasIntegers(name)) {
      return Optional.empty();
    }
    String each = name + "/each";
    if (!constants.contains(each)) {
      Optional<Tensor> one = folding.ofEachImage(name);
      if (one.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(constants.derived(each, one.get()));
    }
    return Optional.of(each);
  }

  /** A constant of floats, whatever its extent along the images is. */
  Tensor constantFor(String name) {
    return folding.floats(name);
  }

  /** Takes back a node that nothing reads, for another one in its stead. */
  void remove(Node node) {
    nodes.remove(node.name());
  }

  List<Node> nodes() {
    return new ArrayList<>(nodes.values());
  }
}
