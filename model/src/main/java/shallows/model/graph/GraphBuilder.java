package shallows.model.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Writes a network down from its input to its logits. Every method adds one node and returns the
 * name of its value, which is the node's name. Weights are drawn from a seeded generator.
 */
public final class GraphBuilder {
  /** PyTorch's default ε of batch norm. */
  private static final float EPSILON = 1e-5f;

  private final String network;
  private final Graph.Input input;
  private final Task task;
  private final RandomGenerator random;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> parameters = new LinkedHashMap<>();
  private final List<Block> blocks = new ArrayList<>();
  // Shapes are inferred as the graph grows: a misfit is thrown where the architecture's code made
  // it.
  private final ShapeInference shapes;

  /**
   * @param network its name
   * @param image shape {@code (C, H, W)} of the input
   * @param task what goes in and comes out
   * @param seed of the weights
   */
  public GraphBuilder(String network, Shape image, Task task, long seed) {
    this.network = network;
    this.input = new Graph.Input("image", image);
    this.task = task;
    this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    this.shapes = new ShapeInference(input, parameters);
  }

  /** The name of the graph's input. */
  public String image() {
    return input.name();
  }

  /**
   * A convolution without bias, its weights drawn from N(0, 2 / fan-out) (He et al. 2015, "Delving
   * deep into rectifiers").
   *
   * @param from value {@code (C, H, W)}
   * @param kernel side of the square kernel
   */
  public String conv(String name, String from, int outputs, int kernel, Operation.Conv2d conv) {
    int channels = shape(from).dimension(0);
    Shape shape = Shape.of(outputs, channels / conv.groups(), kernel, kernel);
    double fanOut = (double) outputs / conv.groups() * kernel * kernel;
    return add(name, conv, from, parameter(name + "/weight", normal(shape, Math.sqrt(2 / fanOut))));
  }

  /** Batch norm that starts as the identity: γ = 1, β = 0, mean 0, variance 1. */
  public String batchNorm(String name, String from) {
    int channels = shape(from).dimension(0);
    return add(
        name,
        new Operation.BatchNorm(EPSILON),
        from,
        parameter(name + "/scale", constant(channels, 1)),
        parameter(name + "/bias", constant(channels, 0)),
        parameter(name + "/mean", constant(channels, 0)),
        parameter(name + "/variance", constant(channels, 1)));
  }

  /**
   * A fully connected layer with weights from U(−1/√F, 1/√F) and a bias of zeros, so that the first
   * loss is near ln(outputs).
   *
   * @param from value {@code (F)}
   */
  public String linear(String name, String from, int outputs) {
    int features = shape(from).dimension(0);
    double bound = 1 / Math.sqrt(features);
    float[] weight = new float[outputs * features];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) random.nextDouble(-bound, bound);
    }
    return add(
        name,
        new Operation.Linear(),
        from,
        parameter(name + "/weight", new Tensor(Shape.of(outputs, features), weight)),
        parameter(name + "/bias", constant(outputs, 0)));
  }

  /**
   * The end of a residual block: the branch scaled by its survival probability (1 until a {@code
   * SurvivalSchedule} sets it), added to the shortcut.
   *
   * @param name of the block
   * @return the value of the sum
   */
  public String residual(String name, String shortcut, String branch) {
    return block(name, shortcut, branch, name + "/sum", new Operation.Add());
  }

  /**
   * The end of a layer as of DenseNet: the branch, scaled like that of {@link #residual}, behind
   * the channels of the shortcut.
   *
   * @param name of the block
   * @return the value of both
   */
  public String dense(String name, String shortcut, String branch) {
    return block(name, shortcut, branch, name + "/concat", new Operation.Concat());
  }

  private String block(
      String name, String shortcut, String branch, String sum, Operation operation) {
    String scaled = add(name + "/survival", new Operation.Scale(1), branch);
    blocks.add(new Block(name, shortcut, scaled, sum));
    return add(sum, operation, shortcut, scaled);
  }

  /**
   * Any operation over values and parameters that are there already.
   *
   * @return the value's name, which is {@code name}
   */
  public String add(String name, Operation operation, String... inputs) {
    Node node = new Node(name, operation, List.of(inputs));
    shapes.add(node);
    nodes.add(node);
    return name;
  }

  /**
   * A parameter given from outside.
   *
   * @return its name
   */
  public String parameter(String name, Tensor value) {
    if (parameters.put(name, value) != null) {
      throw new IllegalArgumentException("parameter '" + name + "' is there already");
    }
    return name;
  }

  /** The shape of a value, without the batch axis. */
  public Shape shape(String value) {
    Shape shape = shapes.shapes().get(value);
    if (shape == null) {
      throw new IllegalArgumentException("no value '" + value + "' in " + network);
    }
    return shape;
  }

  /**
   * @param output the value that is the result
   */
  public Graph build(String output) {
    return new Graph(network, input, nodes, output, parameters, blocks, task, Map.of());
  }

  private Tensor normal(Shape shape, double deviation) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return new Tensor(shape, values);
  }

  private static Tensor constant(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return Tensor.vector(values);
  }
}
