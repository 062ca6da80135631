package shallows.export.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import shallows.data.PixelOrder;
import shallows.export.pass.ToConvolutions;
import shallows.export.quantize.Int8Sums;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.Range;
import shallows.export.quantize.SharedRanges;
import shallows.export.quantize.WeightScales;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * A small network that tells arithmetics apart: convolutions of bytes and of signs, a depthwise
 * one, both kinds of sums, product, pool and linear layer, with values below zero, where roundings
 * of halves differ most, and all of them among what goes out.
 */
final class ProbeNetwork {
  static final int IMAGES = 4;

  private static final Shape IMAGE = Shape.of(3, 9, 7);
  private static final int CHANNELS = 8;

  private ProbeNetwork() {}

  /**
   * @param scales of its weights
   */
  static QuantizedGraph create(WeightScales scales) {
    GraphBuilder builder = new GraphBuilder("probe", IMAGE, Task.unnamed(2, 3), 1);
    Operation.Conv2d three = Operation.Conv2d.of(1, 1);
    String first = builder.conv("first", builder.image(), CHANNELS, 3, three);
    Operation.Conv2d depthwise =
        new Operation.Conv2d(Extent.ONE, Extent.ONE, Extent.ONE, CHANNELS, Precision.FLOAT);
    String second = builder.conv("second", first, CHANNELS, 3, depthwise);
    String sum = builder.add("sum", new Operation.Add(), first, second);
    String relu = builder.add("relu", new Operation.Relu(), sum);
    String third = builder.conv("third", relu, CHANNELS, 3, Operation.Conv2d.of(2, 1));
    String doubled = builder.add("doubled", new Operation.Add(), third, third);
    Operation.Conv2d signs = three.withPrecision(Precision.BINARY);
    String fourth = builder.conv("fourth", doubled, CHANNELS, 3, signs);
    String product = builder.add("product", new Operation.Multiply(), fourth, third);
    String flat = builder.add("flat", new Operation.Flatten(), product);
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), third);
    String means = builder.add("means", new Operation.Flatten(), mean);
    String linear = builder.linear("linear", means, CHANNELS);
    Graph graph =
        ToConvolutions.apply(
            builder.build(builder.add("all", new Operation.Concat(), flat, linear)));
    return QuantizedGraph.of(graph, SharedRanges.quantizations(graph, ranges(graph), Int8Sums.ADD))
        .with(scales);
  }

  private static Map<String, Range> ranges(Graph graph) {
    Tensor batch =
        new Tensor(
            IMAGE.withBatch(IMAGES),
            PixelOrder.channelsFirst(images(), IMAGES, IMAGE.dimension(0)));
    Map<String, Tensor> values = Interpreter.values(graph, batch);
    Map<String, Range> ranges = new HashMap<>();
    for (String value : QuantizedGraph.rounded(graph).keySet()) {
      double low = 0;
      double high = 0;
      for (float x : values.get(value).values()) {
        low = Math.min(low, x);
        high = Math.max(high, x);
      }
      ranges.put(value, new Range(low, high));
    }
    return ranges;
  }

  /** {@code (4, 9, 7, 3)}. */
  static float[] images() {
    Random random = new Random(1);
    float[] pixels = new float[IMAGES * IMAGE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    return pixels;
  }
}
