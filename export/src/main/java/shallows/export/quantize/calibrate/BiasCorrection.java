package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * Takes from each layer of a quantized network what rounding shifts its outputs by in the mean: to
 * the bias b[o] is added
 *
 * <pre>  E[(W x + b)[o]] − E[(W_q x_q + b_q)[o]]</pre>
 *
 * with the means over images and positions, of the network of floats and of the quantized one
 * (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction",
 * section 4.2; Finkelstein et al. 2019, "Fighting Quantization Bias With Bias"). Layers are
 * corrected from the input on, and x_q is what the corrected ones before give: all images go
 * through one layer before any goes through the next.
 */
final class BiasCorrection {
  private final QuantizedGraph quantized;
  private final Graph graph;
  private final LabelledImages images;
  private final Map<String, double[]> wanted;
  private final QuantizedValues values;
  private final Map<String, float[]> corrections = new LinkedHashMap<>();

  private BiasCorrection(QuantizedGraph quantized, Graph floats, LabelledImages images) {
    this.quantized = quantized;
    this.graph = quantized.graph();
    this.images = images;
    this.wanted = ChannelMeans.ofLayers(floats, images);
    this.values = new QuantizedValues(quantized, images.size());
  }

  /**
   * @param quantized not corrected yet
   * @param floats the network before anything is rounded
   * @param images what means are taken over; of large networks no more than fit into memory
   * @return what to add to the bias of each layer, by its name
   */
  static Map<String, float[]> of(QuantizedGraph quantized, Graph floats, LabelledImages images) {
    LabelledImages some = images.evenly(QuantizedValues.mostImages(quantized));
    return new BiasCorrection(quantized, floats, some).run();
  }

  private Map<String, float[]> run() {
    values.enter(images);
    for (Node node : graph.nodes()) {
      float[][] computed =
          node.operation().weighs() && !quantized.isFloat(node) ? corrected(node) : others(node);
      values.put(node, computed);
    }
    return corrections;
  }

  private float[][] others(Node node) {
    Shape result = graph.shape(node.name()).withBatch(1);
    return IntStream.range(0, images.size())
        .parallel()
        .mapToObj(
            image -> {
              Tensor[] read =
                  node.inputs().stream()
                      .map(
                          input ->
                              graph.parameters().containsKey(input)
                                  ? graph.parameter(input)
                                  : new Tensor(
                                      shape(input).withBatch(1), values.floats(input, image)))
                      .toArray(Tensor[]::new);
              return Interpreter.value(node.operation(), result, read).values();
            })
        .toArray(float[][]::new);
  }

  private Shape shape(String value) {
    return value.equals(graph.input().name()) ? graph.input().shape() : graph.shape(value);
  }

  /** inputScale·scale[o]·(Σ q_w·(q_x − zero point) + q_b[o]), with the corrected q_b. */
  private float[][] corrected(Node node) {
    QuantizedWeights weights = quantized.weights(node);
    float[][] outputs = sums(node, weights);
    float inputScale = quantized.quantization(node.inputs().get(0)).scale();
    int channels = weights.bias().length;
    double[] means = ChannelMeans.of(outputs, channels);
    float[] bias = graph.parameter(node.inputs().get(2)).values();
    float[] correction = new float[channels];
    double[] steps = new double[channels];
    double[] offsets = new double[channels];
    for (int o = 0; o < channels; o++) {
      steps[o] = (double) inputScale * weights.scales()[o];
      // With the bias before it is rounded, so that it is rounded once.
      double found = steps[o] * means[o] + bias[o];
      correction[o] = (float) (wanted.get(node.name())[o] - found);
      offsets[o] = Math.rint((bias[o] + correction[o]) / steps[o]);
    }
    corrections.put(node.name(), correction);
    Arrays.stream(outputs)
        .parallel()
        .forEach(
            output -> {
              int perChannel = output.length / channels;
              for (int o = 0; o < channels; o++) {
                double offset = offsets[o];
                double scale = weights.scales()[o];
                for (int i = o * perChannel; i < (o + 1) * perChannel; i++) {
                  // In the simulation's order, so that halves round as there.
                  output[i] = (float) ((output[i] + offset) * inputScale * scale);
                }
              }
            });
    return outputs;
  }

  /** Σ q_w·(q_x − zero point): floats hold these integers. */
  private float[][] sums(Node node, QuantizedWeights weights) {
    String input = node.inputs().get(0);
    Shape weightShape = graph.parameter(node.inputs().get(1)).shape();
    float[] integers = new float[weights.values().length];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = weights.values()[i];
    }
    Tensor weight = new Tensor(weightShape, integers);
    Shape result = graph.shape(node.name());
    if (!(node.operation() instanceof Operation.Conv2d)) {
      return IntStream.range(0, images.size())
          .parallel()
          .mapToObj(
              image ->
                  Interpreter.value(
                          node.operation(),
                          result.withBatch(1),
                          new Tensor(shape(input).withBatch(1), values.steps(input, image)),
                          weight)
                      .values())
          .toArray(float[][]::new);
    }
    return new LayerRun(graph, node, List.of(weight))
        .on(images.size(), (from, count) -> values.steps(input, from, count));
  }
}
