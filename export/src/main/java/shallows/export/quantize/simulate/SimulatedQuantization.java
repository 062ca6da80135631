package shallows.export.quantize.simulate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.export.pass.FusedActivations;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * Says, plainly, what a file of a quantized graph has to answer: sums of integers, scaled and
 * rounded as an {@link IntegerArithmetic} has it, where the file rounds them. What only moves or
 * selects numbers, and what files compute in floats, is computed as the interpreter does.
 *
 * <p>Values are handed on as the floats that their integers stand for, x = scale·(q − zero point),
 * from which the integers come back exactly. Where an activation is fused into an operation, the
 * operation rounds to the steps of the activation, and the activation comes after: both keep the
 * order of numbers, so it makes no difference which is first.
 */
public final class SimulatedQuantization implements Classifier {
  private final QuantizedGraph quantized;
  private final IntegerArithmetic edges;
  private final Function<Node, IntegerArithmetic> operators;
  private final Map<String, QuantizedWeights> weights = new HashMap<>();
  private final Map<String, Node> fused;
  private final Map<String, List<String>> released;

  /** With exact arithmetic. */
  public SimulatedQuantization(QuantizedGraph quantized) {
    this(quantized, new ExactArithmetic());
  }

  /**
   * @param arithmetic of all operations
   */
  public SimulatedQuantization(QuantizedGraph quantized, IntegerArithmetic arithmetic) {
    this(quantized, arithmetic, node -> arithmetic);
  }

  /**
   * @param edges the arithmetic that quantizes the image
   * @param operators that of each node
   */
  public SimulatedQuantization(
      QuantizedGraph quantized,
      IntegerArithmetic edges,
      Function<Node, IntegerArithmetic> operators) {
    this.quantized = quantized;
    this.edges = edges;
    this.operators = operators;
    this.fused = FusedActivations.of(quantized.graph());
    this.released = Liveness.releasedBehind(quantized.graph());
    for (Node node : quantized.graph().nodes()) {
      if (node.operation().weighs() && !quantized.isFloat(node)) {
        weights.put(node.name(), quantized.weights(node));
      }
    }
  }

  @Override
  public float[][] logits(float[] images, int count) {
    int size = images.length / count;
    Shape image = quantized.graph().input().shape();
    float[] turned = PixelOrder.channelsFirst(images, count, image.dimension(0));
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> logits(Arrays.copyOfRange(turned, i * size, (i + 1) * size)))
        .toArray(float[][]::new);
  }

  private float[] logits(float[] image) {
    Graph graph = quantized.graph();
    Map<String, Tensor> values = new HashMap<>(graph.parameters());
    values.put(graph.input().name(), entering(image));
    for (Node node : graph.nodes()) {
      values.put(node.name(), value(node, values));
      values.keySet().removeAll(released.getOrDefault(node.name(), List.of()));
    }
    return values.get(graph.output()).values();
  }

  /**
   * What the first operations read.
   *
   * @param image {@code (1, C, H, W)}
   */
  public Tensor entering(float[] image) {
    Graph.Input input = quantized.graph().input();
    return rounded(edges, input.name(), new Tensor(input.shape().withBatch(1), image));
  }

  /**
   * What one node computes, of one image.
   *
   * @param node of the quantized graph
   * @param values parameters and what the node reads, by name
   */
  public Tensor value(Node node, Map<String, Tensor> values) {
    IntegerArithmetic arithmetic = operators.apply(node);
    Shape shape = quantized.graph().shape(node.name());
    boolean rounds = quantized.isRounded(node.name());
    if (quantized.isFloat(node) || !IntegerOperations.computes(node.operation())) {
      Tensor[] inputs = node.inputs().stream().map(values::get).toArray(Tensor[]::new);
      Tensor value = Interpreter.value(node.operation(), shape.withBatch(1), inputs);
      return rounds ? rounded(arithmetic, node.name(), value) : value;
    }
    Quantization to = quantized.quantization(fused.getOrDefault(node.name(), node).name());
    int[] integers = integers(node, new IntegerOperations(arithmetic, shape, to), values);
    float[] result = new float[integers.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = to.scale() * (rounds ? to.clamped(integers[i]) : integers[i]);
    }
    return new Tensor(shape.withBatch(1), result);
  }

  /**
   * What one node computes before anything rounds it, where an activation that rounds comes after.
   *
   * @param node of the quantized graph
   * @param values as above
   */
  public Tensor unrounded(Node node, Map<String, Tensor> values) {
    Shape shape = quantized.graph().shape(node.name());
    QuantizedWeights integers = weights.get(node.name());
    if (integers == null) {
      Tensor[] inputs = node.inputs().stream().map(values::get).toArray(Tensor[]::new);
      return Interpreter.value(node.operation(), shape.withBatch(1), inputs);
    }
    IntegerOperations.IntegerTensor x = read(node.inputs().get(0), values);
    Shape kernel = quantized.graph().parameter(node.inputs().get(1)).shape();
    int[] sums = IntegerOperations.sums(node.operation(), x, integers, kernel, shape);
    float[] result = new float[sums.length];
    int perOutput = sums.length / integers.bias().length;
    for (int i = 0; i < result.length; i++) {
      double scale = (double) x.steps().scale() * integers.scales()[i / perOutput];
      result[i] = (float) (sums[i] * scale);
    }
    return new Tensor(shape.withBatch(1), result);
  }

  private int[] integers(Node node, IntegerOperations operations, Map<String, Tensor> values) {
    IntegerOperations.IntegerTensor x = read(node.inputs().get(0), values);
    Operation operation = node.operation();
    if (operation instanceof Operation.Add) {
      return operations.sum(x, read(node.inputs().get(1), values));
    }
    if (operation instanceof Operation.Multiply) {
      return operations.product(x, read(node.inputs().get(1), values));
    }
    if (operation instanceof Operation.GlobalAveragePool) {
      return operations.globalMean(x);
    }
    if (operation instanceof Operation.AveragePool pool) {
      return operations.windowMeans(pool, x);
    }
    Shape kernel = quantized.graph().parameter(node.inputs().get(1)).shape();
    return operations.layer(operation, x, weights.get(node.name()), kernel);
  }

  private IntegerOperations.IntegerTensor read(String value, Map<String, Tensor> values) {
    Quantization steps = quantized.quantization(value);
    float[] floats = values.get(value).values();
    int[] integers = new int[floats.length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = Math.round(floats[i] / steps.scale());
    }
    return new IntegerOperations.IntegerTensor(integers, quantized.graph().shape(value), steps);
  }

  private Tensor rounded(IntegerArithmetic arithmetic, String value, Tensor floats) {
    Quantization to = quantized.quantization(value);
    float[] rounded = new float[floats.size()];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = to.scale() * to.clamped(arithmetic.quantized(floats.values()[i], to));
    }
    return new Tensor(floats.shape(), rounded);
  }

  @Override
  public void close() {
    // Holds nothing but memory of the JVM.
  }
}
