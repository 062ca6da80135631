package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.interpreter.Interpreter;

class ClassifierHeadTest {
  /** A mean before a 1x1 convolution instead of behind it: sums in another order. */
  private static final float TOLERANCE = 1e-5f;

  private static final Shape IMAGE = Shape.of(3, 6, 6);
  private static final int CLASSES = 5;
  private static final Operation.Conv2d POINTWISE = Operation.Conv2d.of(1, 0);

  private final GraphBuilder builder =
      new GraphBuilder("theirs", IMAGE, Task.unnamed(CLASSES, 3), 1);

  @Test
  void theLastOfSeveralLinearLayersIsTheClassifier() {
    String x = builder.add("flat", new Operation.Flatten(), body());
    x = builder.add("drop1", new Operation.Dropout(0.5f), builder.linear("fc1", x, 7));
    x = builder.add("drop2", new Operation.Dropout(0.5f), builder.linear("fc2", x, 9));
    Graph graph = builder.build(builder.linear("fc3", x, CLASSES));

    assertTheSameWithItsOwnWeights(graph, "fc3", 9);
    assertTrue(ClassifierHead.of(graph).replaced(List.of("a", "b")).hasNode("drop2"));
  }

  @Test
  void aConvolutionWhoseMapsArePooledIsOneOnTheMeanOfItsChannels() {
    String x = builder.conv("head", body(), CLASSES, 1, POINTWISE);
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    Graph graph = builder.build(builder.add("flat", new Operation.Flatten(), x));

    assertTheSameWithItsOwnWeights(graph, "head", 4);
  }

  @Test
  void aConvolutionOverOnePixelOrTheWholeImageReadsAllOfIt() {
    String pooled = builder.add("pool", new Operation.GlobalAveragePool(), body());
    String x = builder.conv("head", pooled, CLASSES, 1, POINTWISE);
    assertTheSameWithItsOwnWeights(
        builder.build(builder.add("flat", new Operation.Flatten(), x)), "head", 4);

    GraphBuilder other = new GraphBuilder("theirs", IMAGE, Task.unnamed(CLASSES, 3), 2);
    String whole = other.conv("head", other.image(), CLASSES, 6, POINTWISE);
    assertTheSameWithItsOwnWeights(
        other.build(other.add("flat", new Operation.Flatten(), whole)), "head", 3 * 6 * 6);
  }

  @Test
  void whatStandsBehindTheLayerGoesWithIt() {
    String x = builder.conv("head", body(), CLASSES, 1, POINTWISE);
    x = builder.batchNorm("norm", x);
    x = builder.add("relu", new Operation.Relu(), x);
    x =
        builder.conv(
            "factor",
            x,
            CLASSES,
            1,
            new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, CLASSES, Precision.FLOAT));
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    Graph graph = builder.build(builder.add("flat", new Operation.Flatten(), x));

    ClassifierHead head = ClassifierHead.of(graph);
    assertEquals("head", head.layer().name());
    Graph other = head.replaced(List.of("cat", "dog"));
    assertFalse(other.hasNode("relu"));
    assertEquals(2, other.classes());
    assertEquals(List.of("cat", "dog"), other.task().labels());
  }

  @Test
  void blocksAndNormalizationStay() {
    String x = body();
    x = builder.residual("block", x, builder.conv("branch", x, 4, 3, Operation.Conv2d.of(1, 1)));
    x = builder.add("mean", new Operation.GlobalAveragePool(), x);
    x = builder.linear("fc", builder.add("flat", new Operation.Flatten(), x), CLASSES);
    Normalization pixels = new Normalization(List.of(1f, 2f, 3f), List.of(4f, 5f, 6f));
    Graph graph = builder.build(x).withTask(new Task(Task.unnamed(CLASSES, 3).labels(), pixels));

    Graph other = ClassifierHead.of(graph).replaced(List.of("cat", "dog"));
    assertEquals(graph.blocks(), other.blocks());
    assertEquals(pixels, other.task().normalization());
    assertEquals(pixels, ClassifierHead.of(graph).features().task().normalization());
  }

  @Test
  void whereThereIsNoneItSaysWhatIsThere() {
    String flat = builder.add("flat", new Operation.Flatten(), body());
    String one = builder.linear("one", flat, CLASSES);
    String two = builder.linear("two", flat, CLASSES);
    assertRefused(builder.build(builder.add("both", new Operation.Add(), one, two)), "Add 'both'");

    GraphBuilder pools = new GraphBuilder("theirs", IMAGE, Task.unnamed(3, 3), 1);
    String mean = pools.add("mean", new Operation.GlobalAveragePool(), pools.image());
    assertRefused(pools.build(pools.add("flat", new Operation.Flatten(), mean)), "the image");

    GraphBuilder maps = new GraphBuilder("theirs", IMAGE, Task.unnamed(72, 3), 1);
    String conv = maps.conv("maps", maps.image(), 2, 1, POINTWISE);
    assertRefused(
        maps.build(maps.add("flat", new Operation.Flatten(), conv)),
        "Conv2d 'maps' of 2 outputs where the network has 72");

    GraphBuilder groups = new GraphBuilder("theirs", IMAGE, Task.unnamed(4, 3), 1);
    String four = groups.conv("four", groups.image(), 4, 1, POINTWISE);
    String halves =
        groups.conv(
            "halves",
            four,
            4,
            1,
            new Operation.Conv2d(Extent.ONE, Extent.ZERO, Extent.ONE, 2, Precision.FLOAT));
    String means = groups.add("mean", new Operation.GlobalAveragePool(), halves);
    assertRefused(
        groups.build(groups.add("flat", new Operation.Flatten(), means)), "Conv2d 'halves'");
  }

  private static void assertRefused(Graph graph, String found) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ClassifierHead.of(graph));
    assertTrue(e.getMessage().contains(found), e.getMessage());
  }

  /** Four channels of 6x6. */
  private String body() {
    String x = builder.conv("body", builder.image(), 4, 3, Operation.Conv2d.of(1, 1));
    return builder.add("body/relu", new Operation.Relu(), x);
  }

  /** With the weights of the layer that it takes the place of, the new one gives its logits. */
  private static void assertTheSameWithItsOwnWeights(Graph graph, String layer, int features) {
    ClassifierHead head = ClassifierHead.of(graph);
    assertEquals(layer, head.layer().name());
    assertEquals(features, head.features().classes());
    Graph other = head.replaced(graph.task().labels());
    ClassifierHead same = ClassifierHead.of(other);
    Map<String, Tensor> weights = new HashMap<>();
    weights.put(
        same.parameters().get(0),
        new Tensor(
            Shape.of(CLASSES, features), graph.parameter(head.parameters().get(0)).values()));
    if (head.parameters().size() > 1) {
      weights.put(same.parameters().get(1), graph.parameter(head.parameters().get(1)));
    }
    Tensor batch = batch();
    assertArrayEquals(new float[2 * CLASSES], Interpreter.run(other, batch).values());
    assertArrayEquals(
        Interpreter.run(graph, batch).values(),
        Interpreter.run(other.withParameters(weights), batch).values(),
        TOLERANCE);
  }

  private static Tensor batch() {
    Random random = new Random(3);
    float[] values = new float[2 * IMAGE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return new Tensor(IMAGE.withBatch(2), values);
  }
}
