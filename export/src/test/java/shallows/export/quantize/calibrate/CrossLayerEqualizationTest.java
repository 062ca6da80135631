package shallows.export.quantize.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.export.ShakenNetworks;
import shallows.export.TestImages;
import shallows.export.pass.ExportPasses;
import shallows.export.quantize.QuantizedGraphs;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
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

  private static final int IMAGES = 12;

  private static Graph equalized(Graph graph) {
    return CrossLayerEqualization.of(graph, TestImages.labelledBy(graph, IMAGES)).orElseThrow();
  }

  private static Tensor values(Graph graph, String value) {
    return Interpreter.values(graph, QuantizedGraphs.images(graph, IMAGES)).get(value);
  }

  private static float[] outputs(Graph graph) {
    return values(graph, graph.output()).values();
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (float value : tensor.values()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
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

  /** How much larger the largest of all is than the smallest. */
  private static double spread(double[] made) {
    double[] sorted = made.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length - 1] / sorted[0];
  }

  @Test
  void channelsBecomeMoreOfOneSizeAndTheFunctionAndTheRangesStay() {
    for (Operation between :
        new Operation[] {
          new Operation.Relu(),
          new Operation.LeakyRelu(0.2f),
          new Operation.MaxPool(new Extent(2, 2), Extent.ONE, Extent.ZERO, false)
        }) {
      Graph graph = chain(between);
      Graph equalized = equalized(graph);
      assertSameFunction(graph, equalized);
      for (String layer : new String[] {"first", "depthwise", "second"}) {
        assertTrue(
            spread(made(equalized, layer)) < spread(made(graph, layer)) / 2,
            layer + " behind " + between);
      }
      for (String value : new String[] {"between", "relu", "second"}) {
        double most = largest(values(graph, value));
        assertTrue(largest(values(equalized, value)) <= (1 + TOLERANCE) * most, value);
      }
    }
  }

  @Test
  void channelsThatReachTheBoundOfAClipStay() {
    Graph graph = chain(new Operation.Clip(0, 3));
    Graph equalized = equalized(graph);
    assertSameFunction(graph, equalized);
    Tensor between = values(graph, "between");
    int perChannel = 6 * 5;
    double[] before = made(graph, "first");
    double[] after = made(equalized, "first");
    int stay = 0;
    int change = 0;
    for (int channel = 0; channel < 8; channel++) {
      double peak = 0;
      for (int i = 0; i < between.size(); i++) {
        if (i / perChannel % 8 == channel) {
          peak = Math.max(peak, between.values()[i]);
        }
      }
      stay += peak == 3 && before[channel] == after[channel] ? 1 : 0;
      change += peak < 2 && before[channel] != after[channel] ? 1 : 0;
      assertTrue(peak < 3 || before[channel] == after[channel], "channel " + channel);
    }
    assertTrue(stay > 0 && change > 0, stay + " stay, " + change + " change");
  }

  @Test
  void whatReadsAChannelThatIsAlwaysZeroBecomesZero() {
    Graph graph = chain(new Operation.Relu());
    float[] bias = graph.parameter("first/bias").values().clone();
    bias[2] = -1e6f;
    Graph dead = graph.withParameters(Map.of("first/bias", Tensor.vector(bias)));
    Graph equalized = equalized(dead);
    assertSameFunction(dead, equalized);
    assertEquals(0, made(equalized, "depthwise")[2]);
    assertTrue(made(equalized, "depthwise")[3] > 0);
  }

  @Test
  void curvesAndValuesWithSeveralReadersStay() {
    Graph curve = chain(new Operation.Activation(Operation.Curve.SIGMOID));
    Graph equalized = equalized(curve);
    assertArrayEquals(made(curve, "first"), made(equalized, "first"));
    assertSameFunction(curve, equalized);

    GraphBuilder builder = new GraphBuilder("twice", IMAGE, Task.unnamed(3, 3), 1);
    String first = layer(builder, builder.image(), "first", 3, 3, Operation.Conv2d.of(1, 1));
    String second = layer(builder, first, "second", 3, 3, Operation.Conv2d.of(1, 1));
    String sum = builder.add("sum", new Operation.Add(), first, second);
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), sum);
    Graph twice = builder.build(builder.add("vector", new Operation.Flatten(), mean));
    assertEquals(
        Optional.empty(), CrossLayerEqualization.of(twice, TestImages.labelledBy(twice, IMAGES)));
  }

  @Test
  void ofAResidualNetworkTheTwoLayersInsideEachBlockAreAPair() {
    Graph graph = ExportPasses.all(ShakenNetworks.create("resnet-8-s2", Shape.of(1, 28, 28)));
    Graph equalized = equalized(graph);
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
