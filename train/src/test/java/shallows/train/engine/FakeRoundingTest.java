package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import shallows.model.graph.FakeQuantization;
import shallows.train.options.Compute;

class FakeRoundingTest {
  /** From −5 to 20 steps of 0.1. */
  private static final FakeQuantization.Levels LEVELS = new FakeQuantization.Levels(0.1f, -5, 20);

  private static final FakeQuantization.Layer PER_CHANNEL =
      new FakeQuantization.Layer(0.5f, true, 127);

  @Test
  void valuesBecomeTheNearestLevelBitForBit() {
    float[] values = random(10_000, 1);
    float[] expected = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      expected[i] = 0.1f * (float) Math.rint(Math.max(-5, Math.min(20, values[i] / 0.1f)));
    }
    // Whether a zero has a sign is all that may differ.
    assertArrayEquals(expected, forward(values, x -> FakeRounding.value(x, LEVELS)), 0f);
  }

  @Test
  void halvesGoToTheEvenNeighbourAndZeroStaysZero() {
    FakeQuantization.Levels halves = new FakeQuantization.Levels(0.5f, -8, 8);
    assertArrayEquals(
        new float[] {0, 0, 1, 1, 0, -1, -1},
        forward(
            new float[] {0, 0.25f, 0.75f, 1.25f, -0.25f, -0.75f, -1.25f},
            x -> FakeRounding.value(x, halves)),
        0f);
  }

  @Test
  void gradientsPassWithinTheLevelsAndAreZeroOutside() {
    float[] values = random(1_000, 2);
    float[] upstream = random(1_000, 3);
    float[] gradient = gradient(values, upstream, x -> FakeRounding.value(x, LEVELS));
    int outside = 0;
    for (int i = 0; i < values.length; i++) {
      boolean within = values[i] >= 0.1f * -5 && values[i] <= 0.1f * 20;
      outside += within ? 0 : 1;
      assertEquals(within ? upstream[i] : 0, gradient[i], "value " + values[i]);
    }
    assertTrue(outside > 100 && outside < 900, outside + " outside");
  }

  @Test
  void weightsHaveAScaleForEachOutput() {
    float[] weight = {1.27f, 0.304f, -0.1049f, 0.127f, -0.01f, 0.0345f};
    assertArrayEquals(
        new float[] {127 * 0.01f, 30 * 0.01f, -10 * 0.01f, 127 * 0.001f, -10 * 0.001f, 34 * 0.001f},
        weights(weight, new float[2], PER_CHANNEL),
        1e-7f);
  }

  @Test
  void oneScaleIsThatOfTheLargestWeight() {
    float[] weight = {1.27f, 0.304f, -0.1049f, 0.127f, -0.01f, 0.0345f};
    assertArrayEquals(
        new float[] {1.27f, 0.3f, -0.1f, 0.13f, -0.01f, 0.03f},
        weights(weight, new float[2], new FakeQuantization.Layer(0.5f, false, 127)),
        1e-7f);
  }

  @Test
  void weightsOfTwoValuesKeepThem() {
    float[] weight = {0.3f, -0.3f, 0.3f, -0.02f, -0.02f, 0.02f};
    assertArrayEquals(
        weight, weights(weight, new float[2], new FakeQuantization.Layer(0.5f, true, 1)), 1e-8f);
  }

  @Test
  void outputsWithoutWeightsStayNumbers() {
    assertArrayEquals(new float[6], weights(new float[6], new float[2], PER_CHANNEL));
  }

  /** Scales are 0.01 and 0.001, that of the input 0.5. */
  @Test
  void biasesBecomeMultiplesOfTheProductOfScales() {
    float[] weight = {1.27f, 0, 0, 0.127f, 0, 0};
    float[] bias = {1.0021f, 1.00021f};
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      float[] found = parameters(manager, weight, bias, PER_CHANNEL).bias().toFloatArray();
      assertArrayEquals(new float[] {200 * 0.005f, 2000 * 0.0005f}, found, 1e-6f);
    }
  }

  @Test
  void everyWeightAndBiasHasItsGradient() {
    float[] weight = random(24, 4);
    float[] upstream = random(24, 5);
    assertArrayEquals(
        upstream,
        gradient(
            weight,
            upstream,
            x ->
                FakeRounding.parameters(
                        x.reshape(4, 6), x.getManager().zeros(new Shape(4)), PER_CHANNEL)
                    .weight()
                    .reshape(24)));
    float[] bias = random(4, 6);
    float[] upstreamOfBias = random(4, 7);
    assertArrayEquals(
        upstreamOfBias,
        gradient(
            bias,
            upstreamOfBias,
            x ->
                FakeRounding.parameters(x.getManager().ones(new Shape(4, 6)), x, PER_CHANNEL)
                    .bias()));
  }

  private static float[] weights(float[] weight, float[] bias, FakeQuantization.Layer layer) {
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      return parameters(manager, weight, bias, layer).weight().toFloatArray();
    }
  }

  private static FakeRounding.Parameters parameters(
      NDManager manager, float[] weight, float[] bias, FakeQuantization.Layer layer) {
    Shape shape = new Shape(bias.length, weight.length / bias.length);
    return FakeRounding.parameters(manager.create(weight, shape), manager.create(bias), layer);
  }

  private static float[] forward(float[] values, UnaryOperator<NDArray> rounding) {
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      return rounding.apply(manager.create(values)).toFloatArray();
    }
  }

  private static float[] gradient(
      float[] values, float[] upstream, UnaryOperator<NDArray> rounding) {
    try (NDManager manager = Torch.manager(Compute.cpu(1));
        GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray leaf = manager.create(values);
      leaf.setRequiresGradient(true);
      collector.backward(rounding.apply(leaf).mul(manager.create(upstream)).sum());
      return leaf.getGradient().toFloatArray();
    }
  }

  /** From N(0, 1). */
  private static float[] random(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
