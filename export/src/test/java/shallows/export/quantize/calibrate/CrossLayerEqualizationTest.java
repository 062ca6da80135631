package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.export.ShakenNetworks;
import shallows.export.pass.ExportPasses;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

class CrossLayerEqualizationTest {
  private static final Shape IMAGE = Shape.of(3, 6, 5);

  /** Of the range of the outputs: products of floats in another order. */
  private static final double TOLERANCE = 1e-5;

  /** A convolution, something between, a depthwise one, a Relu, one by points, a mean, a matrix. */
  private static Graph chain(Operation between) {
    GraphBuilder builder = new GraphBuilder("chain", IMAGE, Task.unnamed(3, 3), 1);
    String x = layer(builder, builder.image(), "first", 8, 3, Operation.Conv2d.of(1, 1));
    x = builder.add("between", between, x);
    Operation.Conv2d depthwise =
        new Operation.Conv2d(Extent.ONE, Extent.ONE, Extent.ONE, 8, Precision.FLOAT);
    x = layer(builder, x, "depthwise", 8, 1, depthwise);
    x = builder.add("relu", new Operation.Relu(), x);
    x = layer(builder, x, "second", 4, 8, Operation.Conv2d.of(1, 1));
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    x = builder.add("vector", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, 3));
  }

  /** Its outputs are of very different size. */
  private static String layer(
      GraphBuilder builder, String x, String name, int outputs, int inputs, Operation operation) {
    float[] weight = new float[outputs * inputs * 9];
    for (int i = 0; i < weight.length; i++) {
      int output = i / (inputs * 9);
      weight[i] = (float) (Math.sin(i * 7.3 + outputs) * Math.pow(4, output % 5 - 2));
    }
    float[] bias = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      bias[o] = (float) Math.cos(o);
    }
    return builder.add(
        name,
        operation,
        x,
        builder.parameter(name + "/weight", new Tensor(Shape.of(outputs, inputs, 3, 3), weight)),
        builder.parameter(name + "/bias", Tensor.vector(bias)));
  }

  private static float[] outputs(Graph graph) {
    return Interpreter.values(graph, OperationCases.input(graph, 4)).get(graph.output()).values();
  }

  private static void assertSameFunction(Graph expected, Graph found) {
    float[] before = outputs(expected);
    double range = 0;
    for (float value : before) {
      range = Math.max(range, Math.abs(value));
    }
    assertArrayEquals(before, outputs(found), (float) (TOLERANCE * range));
  }

  /** The largest weight that makes each channel. */
  private static double[] made(Graph graph, String layer) {
    Tensor weight = graph.parameter(layer + "/weight");
    double[] made = new double[weight.shape().dimension(0)];
    for (int i = 0; i < weight.size(); i++) {
      int output = i / (weight.size() / made.length);
      made[output] = Math.max(made[output], Math.abs(weight.values()[i]));
    }
    return made;
  }

  /** The largest weight that reads each channel of a layer of one group. */
  private static double[] read(Graph graph, String layer) {
    Tensor weight = graph.parameter(layer + "/weight");
    int channels = weight.shape().dimension(1);
    int kernel = weight.size() / weight.shape().dimension(0) / channels;
    double[] read = new double[channels];
    for (int i = 0; i < weight.size(); i++) {
      int channel = i / kernel % channels;
      read[channel] = Math.max(read[channel], Math.abs(weight.values()[i]));
    }
    return read;
  }

  @Test
  void channelsAreOfOneSizeOnBothSidesAndTheFunctionStays() {
    Graph graph = chain(new Operation.Relu());
    Graph equalized = CrossLayerEqualization.of(graph).orElseThrow();
    assertSameFunction(graph, equalized);
    assertArrayEquals(made(equalized, "first"), made(equalized, "depthwise"), 1e-2);
    assertArrayEquals(made(equalized, "depthwise"), read(equalized, "second"), 1e-2);
    assertArrayEquals(made(equalized, "second"), read(equalized, "classifier"), 1e-2);
  }

  @Test
  void slopesAndPoolsLetAFactorPass() {
    for (Operation between :
        new Operation[] {
          new Operation.LeakyRelu(0.2f),
          new Operation.MaxPool(new Extent(2, 2), Extent.ONE, Extent.ZERO, false)
        }) {
      Graph graph = chain(between);
      Graph equalized = CrossLayerEqualization.of(graph).orElseThrow();
      assertSameFunction(graph, equalized);
      assertArrayEquals(made(equalized, "first"), made(equalized, "depthwise"), 1e-2);
    }
  }

  @Test
  void aClipFromZeroLosesItsUpperBound() {
    Graph equalized = CrossLayerEqualization.of(chain(Operation.Clip.RELU6)).orElseThrow();
    assertEquals(new Operation.Relu(), equalized.node("between").operation());
    assertSameFunction(chain(new Operation.Relu()), equalized);
  }

  @Test
  void curvesAndValuesWithSeveralReadersStay() {
    Graph curve = chain(new Operation.Activation(Operation.Curve.SIGMOID));
    Graph equalized = CrossLayerEqualization.of(curve).orElseThrow();
    assertArrayEquals(made(curve, "first"), made(equalized, "first"));
    assertSameFunction(curve, equalized);

    GraphBuilder builder = new GraphBuilder("twice", IMAGE, Task.unnamed(3, 3), 1);
    String first = layer(builder, builder.image(), "first", 3, 3, Operation.Conv2d.of(1, 1));
    String second = layer(builder, first, "second", 3, 3, Operation.Conv2d.of(1, 1));
    String sum = builder.add("sum", new Operation.Add(), first, second);
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), sum);
    Graph twice = builder.build(builder.add("vector", new Operation.Flatten(), mean));
    assertEquals(Optional.empty(), CrossLayerEqualization.of(twice));
  }

  @Test
  void ofAResidualNetworkTheTwoLayersInsideEachBlockAreAPair() {
    Graph graph = ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    Graph equalized = CrossLayerEqualization.of(graph).orElseThrow();
    assertSameFunction(graph, equalized);
    long changed =
        graph.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.Conv2d)
            .map(Node::inputs)
            .filter(
                inputs ->
                    !Arrays.equals(
                        graph.parameter(inputs.get(1)).values(),
                        equalized.parameter(inputs.get(1)).values()))
            .count();
    assertTrue(changed >= 2L * graph.blocks().size(), changed + " layers");
  }
}
