package shallows.demo;

import java.util.Map;
import java.util.Random;
import shallows.model.graph.Extent;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;

/**
 * One block of each form: as it is, narrow (an inner width that is no round number), linear (one
 * 1x1 convolution, also where the image halves), scaled (a factor and an offset a channel) and
 * binary. Nothing is trained.
 */
final class FormsNetwork {
  private static final int CHANNELS = 8;
  private static final int INNER = 3;
  private static final Shape IMAGE = Shape.of(1, 28, 28);

  private final GraphBuilder builder;
  private final Random random;

  private FormsNetwork(Task task, long seed) {
    builder = new GraphBuilder("forms", IMAGE, task, seed);
    random = new Random(seed);
  }

  static Graph create(Task task, long seed) {
    return new FormsNetwork(task, seed).create(task.labels().size());
  }

  private Graph create(int classes) {
    String x = layer("stem", builder.image(), CHANNELS, 3, 2);
    x = sum("kept", x, basic("kept", x, CHANNELS));
    x = sum("narrow", x, basic("narrow", x, INNER));
    x = sum("linear", x, convolution("linear", x, CHANNELS, 1, 1));
    x = sum("scaled", x, factors("scaled", x));
    x = sum("binary", x, basic("binary", x, CHANNELS));
    String shortcut = convolution("halved/shortcut", x, 2 * CHANNELS, 1, 2);
    x = sum("halved", shortcut, convolution("halved", x, 2 * CHANNELS, 1, 2));
    String pooled = builder.add("pool", new Operation.GlobalAveragePool(), x);
    String flat = builder.add("flat", new Operation.Flatten(), pooled);
    return binary(builder.build(builder.linear("classifier", flat, classes)));
  }

  private String basic(String block, String x, int inner) {
    return convolution(block + "/second", layer(block + "/first", x, inner, 3, 1), CHANNELS, 3, 1);
  }

  private String sum(String block, String shortcut, String branch) {
    return builder.add(
        block + "/relu", new Operation.Relu(), builder.residual(block, shortcut, branch));
  }

  private String layer(String name, String x, int outputs, int kernel, int stride) {
    return builder.add(
        name + "/relu", new Operation.Relu(), convolution(name, x, outputs, kernel, stride));
  }

  private String convolution(String name, String x, int outputs, int kernel, int stride) {
    return builder.batchNorm(
        name + "/norm",
        builder.conv(
            name + "/convolution", x, outputs, kernel, Operation.Conv2d.of(stride, kernel / 2)));
  }

  private String factors(String block, String x) {
    return builder.add(
        block + "/" + block,
        new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, CHANNELS, Precision.FLOAT),
        x,
        builder.parameter(block + "/factors", drawn(Shape.of(CHANNELS, 1, 1, 1))),
        builder.parameter(block + "/offsets", drawn(Shape.of(CHANNELS))));
  }

  private Tensor drawn(Shape shape) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(shape, values);
  }

  private static Graph binary(Graph graph) {
    Node second = graph.node("binary/second/convolution");
    Operation.Conv2d convolution = (Operation.Conv2d) second.operation();
    return Rewrites.withOperations(
        graph, Map.of(second.name(), convolution.withPrecision(Precision.BINARY)));
  }
}
