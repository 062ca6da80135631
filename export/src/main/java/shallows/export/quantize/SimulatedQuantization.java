package shallows.export.quantize;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.model.evaluation.Classifier;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * Says, slowly and plainly, what a file of a quantized graph has to answer: every operation as the
 * interpreter computes it, on values and weights that are rounded where a file rounds them.
 *
 * <p>Sums of products are computed of the integers, which floats add without error up to 2²⁴, far
 * beyond the layers of these networks; so a file may differ only where a value lies within the
 * error of its own arithmetic of the middle between two steps.
 */
public final class SimulatedQuantization implements Classifier {
  private final QuantizedGraph quantized;
  private final Map<String, QuantizedWeights> weights = new HashMap<>();

  public SimulatedQuantization(QuantizedGraph quantized) {
    this.quantized = quantized;
    for (Node node : quantized.graph().nodes()) {
      if (hasWeights(node)) {
        weights.put(node.name(), quantized.weights(node));
      }
    }
  }

  private static boolean hasWeights(Node node) {
    return node.operation() instanceof Operation.Conv2d
        || node.operation() instanceof Operation.Linear;
  }

  @Override
  public float[][] logits(float[] images, int count) {
    int size = images.length / count;
    return IntStream.range(0, count)
        .parallel()
        .mapToObj(i -> logits(Arrays.copyOfRange(images, i * size, (i + 1) * size)))
        .toArray(float[][]::new);
  }

  private float[] logits(float[] image) {
    Graph graph = quantized.graph();
    Map<String, Tensor> values = new HashMap<>(graph.parameters());
    values.put(graph.input().name(), entering(image));
    for (Node node : graph.nodes()) {
      values.put(node.name(), value(node, values));
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
    return rounded(input.name(), new Tensor(input.shape().withBatch(1), image));
  }

  /**
   * What one node computes, of one image.
   *
   * @param node of the quantized graph
   * @param values parameters and what the node reads, by name
   */
  public Tensor value(Node node, Map<String, Tensor> values) {
    Shape shape = quantized.graph().shape(node.name()).withBatch(1);
    Tensor value =
        hasWeights(node)
            ? ofIntegers(node, values.get(node.inputs().get(0)), shape)
            : Interpreter.value(
                node.operation(),
                shape,
                node.inputs().stream().map(values::get).toArray(Tensor[]::new));
    return quantized.isRounded(node.name()) ? rounded(node.name(), value) : value;
  }

  /** inputScale·scale[o]·(Σ q_w·(q_x − zero point) + q_b[o]). */
  private Tensor ofIntegers(Node node, Tensor x, Shape shape) {
    QuantizedWeights integers = weights.get(node.name());
    float inputScale = quantized.quantization(node.inputs().get(0)).scale();
    float[] steps = new float[x.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = Math.round(x.values()[i] / inputScale);
    }
    float[] values = new float[integers.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = integers.values()[i];
    }
    Shape weightShape = quantized.graph().parameter(node.inputs().get(1)).shape();
    Tensor sums =
        Interpreter.value(
            node.operation(), shape, new Tensor(x.shape(), steps), new Tensor(weightShape, values));
    float[] result = new float[sums.size()];
    int perOutput = result.length / integers.bias().length;
    for (int i = 0; i < result.length; i++) {
      int output = i / perOutput;
      double sum = (double) sums.values()[i] + integers.bias()[output];
      result[i] = (float) (sum * inputScale * integers.scales()[output]);
    }
    return new Tensor(shape, result);
  }

  private Tensor rounded(String value, Tensor exact) {
    Quantization quantization = quantized.quantization(value);
    float[] rounded = new float[exact.size()];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = quantization.rounded(exact.values()[i]);
    }
    return new Tensor(exact.shape(), rounded);
  }

  @Override
  public void close() {
    // Holds nothing but memory of the JVM.
  }
}
