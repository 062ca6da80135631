package shallows.model.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The last layer with weights of a classifier, which gives a logit for each class, and what it
 * reads: the features that a classifier for other classes can be made from.
 *
 * <p>It is found by going back from the output:
 *
 * <ol>
 *   <li>a {@link Operation.Linear}: the features are its input;
 *   <li>a {@link Operation.Conv2d} of one group, whose maps are pooled behind it or have one pixel:
 *       the features are the mean of each channel that it reads; all the pixels, if its kernel is
 *       as large as what it reads. A convolution of 1x1 and a mean may change places, so where a
 *       mean stood behind it, this is the layer that it was;
 *   <li>passed over: whatever has one value as input and no weights across channels, as shapes,
 *       pools, activations, batch norms, factors and offsets, dropout, depthwise convolutions. It
 *       goes with the layer.
 * </ol>
 *
 * <p>Not found where two values meet (several classifiers that are added up), where such a layer
 * has not as many outputs as the network, and where there is none.
 *
 * @param graph the network
 * @param layer {@code Linear} or {@code Conv2d}
 */
public record ClassifierHead(Graph graph, Node layer) {
  private static final String POOLED = "features/mean";
  private static final String VECTOR = "features";
  private static final String CLASSIFIER = "classifier";

  /**
   * The head of a network.
   *
   * @throws IllegalArgumentException saying what stands in the place of one
   */
  public static ClassifierHead of(Graph graph) {
    String value = graph.output();
    while (graph.hasNode(value)) {
      Node node = graph.node(value);
      if (isLayer(node)) {
        return new ClassifierHead(graph, requireOutputs(graph, node));
      }
      List<String> values =
          node.inputs().stream().filter(input -> !graph.parameters().containsKey(input)).toList();
      if (values.size() != 1 || isGrouped(graph, node)) {
        throw notFound(node + ", which reads " + values.size() + " values");
      }
      value = values.get(0);
    }
    throw notFound("the image itself");
  }

  private static IllegalArgumentException notFound(String found) {
    return new IllegalArgumentException(
        "expected a layer of weights at the end that gives a number for each class (Gemm, MatMul or"
            + " Conv), found "
            + found);
  }

  private static boolean isLayer(Node node) {
    return node.operation() instanceof Operation.Linear
        || node.operation() instanceof Operation.Conv2d conv && conv.groups() == 1;
  }

  /** Weights across some of the channels: neither a classifier nor passed over. */
  private static boolean isGrouped(Graph graph, Node node) {
    return node.operation() instanceof Operation.Conv2d conv
        && conv.groups() != graph.shape(node.inputs().get(0)).dimension(0);
  }

  private static Node requireOutputs(Graph graph, Node layer) {
    int outputs = graph.parameter(layer.inputs().get(1)).shape().dimension(0);
    if (outputs != graph.classes()) {
      throw notFound(
          layer + " of " + outputs + " outputs where the network has " + graph.classes());
    }
    return layer;
  }

  /**
   * The network up to the features: its output is a vector {@code (F)} of them. Blocks, parameters,
   * and normalization are the network's.
   */
  public Graph features() {
    String value = layer.inputs().get(0);
    List<Node> nodes = new ArrayList<>(graph.nodes());
    Shape shape = graph.shape(value);
    if (shape.dimensions().size() > 1) {
      if (shape.dimension(1) * shape.dimension(2) > 1 && !readsAll(shape)) {
        nodes.add(new Node(unused(POOLED), new Operation.GlobalAveragePool(), List.of(value)));
        value = unused(POOLED);
      }
      nodes.add(new Node(unused(VECTOR), new Operation.Flatten(), List.of(value)));
      value = unused(VECTOR);
    }
    Graph whole = graph.with(nodes, value, graph.parameters(), graph.blocks());
    List<String> names = IntStream.range(0, whole.classes()).mapToObj(i -> "feature " + i).toList();
    return Rewrites.withoutDeadNodes(whole).withTask(new Task(names, graph.task().normalization()));
  }

  /** Whether a convolution has one window, which is the whole image. */
  private boolean readsAll(Shape shape) {
    Operation.Conv2d conv = (Operation.Conv2d) layer.operation();
    Shape weight = graph.parameter(layer.inputs().get(1)).shape();
    return conv.padding().equals(Extent.ZERO)
        && conv.dilation().equals(Extent.ONE)
        && weight.dimension(2) == shape.dimension(1)
        && weight.dimension(3) == shape.dimension(2);
  }

  /**
   * The network with a layer for other classes on its features, all weights of which are 0; {@code
   * parameters} of it are named by {@link #parameters}.
   *
   * @param labels of the classes, at least 1
   */
  public Graph replaced(List<String> labels) {
    Graph trunk = features();
    Node classifier =
        new Node(
            unused(CLASSIFIER),
            new Operation.Linear(),
            List.of(trunk.output(), unused(CLASSIFIER) + "/weight", unused(CLASSIFIER) + "/bias"));
    List<Node> nodes = new ArrayList<>(trunk.nodes());
    nodes.add(classifier);
    Map<String, Tensor> parameters = new LinkedHashMap<>(trunk.parameters());
    Shape weight = Shape.of(labels.size(), trunk.classes());
    parameters.put(classifier.inputs().get(1), new Tensor(weight, new float[weight.size()]));
    parameters.put(classifier.inputs().get(2), Tensor.vector(new float[labels.size()]));
    return trunk
        .with(nodes, classifier.name(), parameters, trunk.blocks())
        .withTask(new Task(labels, graph.task().normalization()));
  }

  /** The weights of the layer {@code (O, F)}, and its bias {@code (O)} if it has one. */
  public List<String> parameters() {
    return layer.inputs().subList(1, layer.inputs().size());
  }

  /** Not the name of anything else in the network, nor the beginning of a parameter's. */
  private String unused(String wanted) {
    String name = wanted;
    while (isTaken(name)) {
      name += "_";
    }
    return name;
  }

  private boolean isTaken(String name) {
    return graph.hasNode(name)
        || graph.input().name().equals(name)
        || Stream.of(name, name + "/weight", name + "/bias")
            .anyMatch(graph.parameters()::containsKey);
  }
}
