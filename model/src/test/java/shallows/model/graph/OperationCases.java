package shallows.model.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Small graphs that between them hold every operation over odd sizes, strides, paddings, dilations
 * and groups. Whatever runs or writes graphs is tested over this list against the interpreter.
 */
public final class OperationCases {
  /** Batch sizes to run each case at. */
  public static final List<Integer> BATCHES = List.of(1, 3);

  private OperationCases() {}

  /** The cases; the name of each graph says what it holds. */
  public static List<Graph> all() {
    List<Graph> cases = new ArrayList<>();
    convolutions(cases);
    pools(cases);
    for (Operation operation : List.of(new Operation.Relu(), new Operation.Scale(-0.7f))) {
      cases.add(single(operation.toString(), Shape.of(5, 7, 3), operation));
    }
    for (Operation operation :
        List.of(
            Operation.Clip.RELU6,
            new Operation.Clip(-0.4f, 0.6f),
            new Operation.Clip(Float.NEGATIVE_INFINITY, 0.2f),
            new Operation.Clip(0.1f, 0.6f),
            new Operation.Clip(Float.NEGATIVE_INFINITY, -0.1f),
            new Operation.LeakyRelu(0.1f),
            new Operation.Dropout(0.3f))) {
      cases.add(single(operation.toString(), Shape.of(5, 7, 3), operation));
    }
    for (Operation.Curve curve : Operation.Curve.values()) {
      Operation activation = new Operation.Activation(curve);
      cases.add(
          switch (curve) {
            case LOG -> positive(curve.label(), activation);
            case EXP -> single(curve.label(), Shape.of(5, 7, 3), activation);
            default -> wide(curve.label(), activation);
          });
    }
    for (float exponent : new float[] {0.5f, -0.5f, -1, 2.7f}) {
      Operation power = new Operation.Power(exponent);
      cases.add(positive(power.toString(), power));
    }
    cases.add(single("Power[exponent=2.0]", Shape.of(5, 7, 3), new Operation.Power(2)));
    ManyFormsCases.addTo(cases);
    cases.add(wide("unfused Clip[low=-1.0, high=1.0]", new Operation.Clip(-1, 1)));
    products(cases);
    channels(cases);
    cases.add(channelNorm());
    cases.add(single("GlobalAveragePool", Shape.of(5, 7, 3), new Operation.GlobalAveragePool()));
    cases.add(single("PadChannels 2+3", Shape.of(5, 7, 3), new Operation.PadChannels(2, 3)));
    cases.add(single("PadChannels 0+5", Shape.of(5, 1, 1), new Operation.PadChannels(0, 5)));
    cases.add(batchNorm());
    cases.add(add());
    cases.add(single("PadImage", Shape.of(2, 4, 3), new Operation.PadImage(1, 0, 2, 3)));
    cases.add(classifier("Linear with bias", Shape.of(5, 3, 4), true));
    cases.add(classifier("Linear without bias", Shape.of(7, 1, 1), false));
    return cases.stream().map(OperationCases::withLabels).toList();
  }

  /** With as many labels as there are outputs, without which a file is refused. */
  private static Graph withLabels(Graph graph) {
    int channels = graph.input().shape().dimension(0);
    return graph.withTask(Task.unnamed(graph.classes(), channels));
  }

  /** Seeded values in (−1, 1) for the input of {@code graph}, {@code (batch, C, H, W)}. */
  public static Tensor input(Graph graph, int batch) {
    return random(graph.input().shape().withBatch(batch), new Random(7));
  }

  private static void convolutions(List<Graph> cases) {
    Extent one = Extent.ONE;
    cases.add(conv(Shape.of(3, 9, 7), 5, new Extent(3, 3), one, Extent.ONE, one, 1, true));
    cases.add(conv(Shape.of(3, 9, 7), 5, new Extent(3, 3), one, Extent.ZERO, one, 1, false));
    cases.add(conv(Shape.of(4, 8, 8), 6, new Extent(3, 3), ext(2, 2), Extent.ONE, one, 1, true));
    cases.add(conv(Shape.of(4, 9, 8), 6, new Extent(3, 3), ext(2, 2), Extent.ONE, one, 1, false));
    cases.add(conv(Shape.of(2, 7, 10), 3, new Extent(1, 1), ext(2, 3), Extent.ZERO, one, 1, true));
    cases.add(conv(Shape.of(2, 11, 9), 3, new Extent(5, 3), ext(3, 2), ext(2, 1), one, 1, true));
    cases.add(conv(Shape.of(2, 11, 9), 3, new Extent(3, 3), one, ext(2, 2), ext(2, 2), 1, true));
    cases.add(conv(Shape.of(2, 12, 9), 4, new Extent(3, 2), one, ext(1, 0), ext(3, 1), 1, false));
    cases.add(conv(Shape.of(6, 7, 7), 4, new Extent(3, 3), one, Extent.ONE, one, 2, true));
    cases.add(conv(Shape.of(6, 7, 5), 9, new Extent(3, 3), ext(2, 2), Extent.ONE, one, 3, true));
    cases.add(conv(Shape.of(5, 7, 5), 5, new Extent(3, 3), one, Extent.ONE, one, 5, true));
    cases.add(conv(Shape.of(5, 8, 6), 10, new Extent(3, 3), ext(2, 2), Extent.ONE, one, 5, false));
    cases.add(conv(Shape.of(1, 5, 5), 1, new Extent(5, 5), one, Extent.ZERO, one, 1, true));
    cases.add(conv(Shape.of(3, 5, 5), 4, new Extent(3, 3), one, ext(3, 4), one, 1, true));
    Graph floating = cases.get(0);
    Operation.Conv2d conv = (Operation.Conv2d) floating.nodes().get(0).operation();
    cases.add(
        Rewrites.withOperations(
                floating, java.util.Map.of("node", conv.withPrecision(Precision.BINARY)))
            .withName("binary " + floating.name()));
  }

  private static void pools(List<Graph> cases) {
    Shape odd = Shape.of(3, 9, 7);
    for (Extent[] window :
        new Extent[][] {
          {ext(2, 2), ext(2, 2), ext(0, 0)},
          {ext(3, 3), ext(2, 2), ext(1, 1)},
          {ext(3, 2), ext(1, 3), ext(1, 0)},
          {ext(2, 3), ext(2, 2), ext(1, 0)},
          {ext(1, 1), ext(2, 2), ext(0, 0)},
          {ext(1, 1), ext(3, 2), ext(0, 0)},
          {ext(9, 7), ext(1, 1), ext(0, 0)}
        }) {
      Operation max = new Operation.MaxPool(window[0], window[1], window[2]);
      Operation average = new Operation.AveragePool(window[0], window[1], window[2]);
      cases.add(single(max.toString(), odd, max));
      cases.add(single(average.toString(), odd, average));
      Operation inside = new Operation.AveragePool(window[0], window[1], window[2], false, false);
      cases.add(single(inside.toString(), odd, inside));
    }
    // Last windows that end beyond the padding, and some that would begin there.
    for (Extent[] window :
        new Extent[][] {
          {ext(3, 3), ext(2, 2), ext(0, 0)},
          {ext(3, 3), ext(2, 2), ext(1, 1)},
          {ext(2, 3), ext(2, 3), ext(1, 0)},
          {ext(3, 3), ext(3, 2), ext(1, 1)}
        }) {
      Shape even = Shape.of(2, 8, 10);
      cases.add(overhanging(even, new Operation.MaxPool(window[0], window[1], window[2], true)));
      cases.add(
          overhanging(
              even, new Operation.AveragePool(window[0], window[1], window[2], true, false)));
    }
  }

  private static Graph overhanging(Shape image, Operation pool) {
    return single(pool.toString(), image, pool);
  }

  /** Over (−8, 8), where the curves have all their parts. */
  private static Graph wide(String name, Operation operation) {
    GraphBuilder builder = builder(name, Shape.of(5, 7, 3));
    String wide = builder.add("wide", new Operation.Scale(8), builder.image());
    String spread = builder.add("spread", new Operation.Add(), wide, builder.image());
    return builder.build(builder.add("node", operation, spread));
  }

  /** Over (0.3, 1.4). */
  private static Graph positive(String name, Operation operation) {
    GraphBuilder builder = builder(name, Shape.of(5, 7, 3));
    Operation softplus = new Operation.Activation(Operation.Curve.SOFTPLUS);
    String positive = builder.add("positive", softplus, builder.image());
    return builder.build(builder.add("node", operation, positive));
  }

  private static void products(List<Graph> cases) {
    GraphBuilder builder = builder("Multiply", Shape.of(5, 7, 3));
    String relu = builder.add("relu", new Operation.Relu(), builder.image());
    cases.add(builder.build(builder.add("node", new Operation.Multiply(), builder.image(), relu)));
    builder = builder("Multiply by channel", Shape.of(5, 7, 3));
    String mean = builder.add("mean", new Operation.GlobalAveragePool(), builder.image());
    String gate = builder.add("gate", new Operation.Activation(Operation.Curve.SIGMOID), mean);
    String product = builder.add("node", new Operation.Multiply(), builder.image(), gate);
    cases.add(builder.build(builder.add("fused", Operation.Clip.RELU6, product)));
  }

  private static void channels(List<Graph> cases) {
    GraphBuilder builder = builder("Concat", Shape.of(4, 5, 3));
    String relu = builder.add("relu", new Operation.Relu(), builder.image());
    String slice = builder.add("slice", new Operation.SliceChannels(1, 3), builder.image());
    cases.add(
        builder.build(
            builder.add("node", new Operation.Concat(), relu, builder.image(), slice, relu)));
    builder = builder("Concat of vectors", Shape.of(4, 1, 1));
    String vector = builder.add("vector", new Operation.Flatten(), builder.image());
    String rest = builder.add("rest", new Operation.SliceChannels(1, 4), vector);
    String both = builder.add("both", new Operation.Concat(), vector, rest);
    cases.add(builder.build(builder.add("node", new Operation.Unflatten(), both)));
    cases.add(single("ChannelShuffle", Shape.of(6, 4, 3), new Operation.ChannelShuffle(3)));
  }

  private static Graph channelNorm() {
    GraphBuilder builder = builder("ChannelNorm", Shape.of(5, 4, 3));
    Random random = new Random(9);
    builder.parameter("scale", random(Shape.of(5), random));
    builder.parameter("bias", random(Shape.of(5), random));
    return builder.build(
        builder.add("node", new Operation.ChannelNorm(1e-2f), builder.image(), "scale", "bias"));
  }

  private static Graph conv(
      Shape image,
      int outputs,
      Extent kernel,
      Extent stride,
      Extent padding,
      Extent dilation,
      int groups,
      boolean bias) {
    Operation.Conv2d conv =
        new Operation.Conv2d(stride, padding, dilation, groups, Precision.FLOAT);
    String name =
        "conv %s to %d, kernel %s, stride %s, padding %s, dilation %s, groups %d%s"
            .formatted(
                image, outputs, kernel, stride, padding, dilation, groups, bias ? ", bias" : "");
    GraphBuilder builder = builder(name, image);
    Random random = new Random(name.hashCode());
    Shape weight = Shape.of(outputs, image.dimension(0) / groups, kernel.height(), kernel.width());
    builder.parameter("weight", random(weight, random));
    if (!bias) {
      return builder.build(builder.add("node", conv, builder.image(), "weight"));
    }
    builder.parameter("bias", random(Shape.of(outputs), random));
    return builder.build(builder.add("node", conv, builder.image(), "weight", "bias"));
  }

  static Graph single(String name, Shape image, Operation operation) {
    GraphBuilder builder = builder(name, image);
    return builder.build(builder.add("node", operation, builder.image()));
  }

  private static Graph batchNorm() {
    GraphBuilder builder = builder("BatchNorm", Shape.of(5, 7, 3));
    Random random = new Random(5);
    for (String name : List.of("scale", "bias", "mean")) {
      builder.parameter(name, random(Shape.of(5), random));
    }
    builder.parameter("variance", Tensor.vector(0.3f, 1.7f, 0.001f, 12, 1));
    return builder.build(
        builder.add(
            "node",
            new Operation.BatchNorm(1e-5f),
            builder.image(),
            "scale",
            "bias",
            "mean",
            "variance"));
  }

  private static Graph add() {
    GraphBuilder builder = builder("Add", Shape.of(5, 7, 3));
    String relu = builder.add("relu", new Operation.Relu(), builder.image());
    return builder.build(builder.add("node", new Operation.Add(), relu, builder.image()));
  }

  private static Graph classifier(String name, Shape image, boolean bias) {
    GraphBuilder builder = builder(name, image);
    Random random = new Random(11);
    String flat = builder.add("flatten", new Operation.Flatten(), builder.image());
    builder.parameter("weight", random(Shape.of(4, image.size()), random));
    if (!bias) {
      return builder.build(builder.add("node", new Operation.Linear(), flat, "weight"));
    }
    builder.parameter("bias", random(Shape.of(4), random));
    return builder.build(builder.add("node", new Operation.Linear(), flat, "weight", "bias"));
  }

  static GraphBuilder builder(String name, Shape image) {
    return new GraphBuilder(name, image, Task.unnamed(2, image.dimension(0)), 0);
  }

  private static Extent ext(int height, int width) {
    return new Extent(height, width);
  }

  static Tensor random(Shape shape, Random random) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return new Tensor(shape, values);
  }
}
