package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class DropoutTest {
  private static final float RATE = 0.3f;
  private static final int FEATURES = 2 * 5 * 7;
  private static final int COUNT = 64;
  private static final StepRates NO_STEP = new StepRates(0, Optimizer.of(0, 0));

  /** Its logits are its pixels, so in training they show the mask. */
  private static final Graph IDENTITY = identity(RATE);

  @Test
  void evaluationChangesNothing() {
    float[] pixels = ones();
    try (TorchEvaluation evaluation = new TorchEvaluation(IDENTITY, Compute.cpu(2))) {
      for (float[] row : evaluation.logits(pixels, COUNT)) {
        for (float value : row) {
          assertEquals(1, value);
        }
      }
    }
  }

  @Test
  void trainingKeepsAValueOrLeavesItOut() {
    float[] found = logits(1, 1, 7);
    int zeros = 0;
    for (float value : found) {
      assertTrue(value == 0 || value == 1 / (1 - RATE), "found " + value);
      zeros += value == 0 ? 1 : 0;
    }
    int drawn = COUNT * FEATURES;
    // Five standard deviations of a binomial: by chance, once in two million seeds.
    double room = 5 * Math.sqrt(drawn * RATE * (1 - RATE));
    assertEquals(RATE * drawn, zeros, room);
  }

  @Test
  void masksOfImagesAndFeaturesAreIndependent() {
    float[] found = logits(1, 1, 7);
    int both = 0;
    int pairs = 0;
    for (int n = 0; n + 1 < COUNT; n++) {
      for (int f = 0; f + 1 < FEATURES; f++) {
        boolean here = found[n * FEATURES + f] == 0;
        both += here && found[(n + 1) * FEATURES + f] == 0 ? 1 : 0;
        both += here && found[n * FEATURES + f + 1] == 0 ? 1 : 0;
        pairs += 2;
      }
    }
    double share = RATE * RATE;
    // Pairs overlap, which at most doubles the variance that independent ones would have.
    assertEquals(share * pairs, both, 5 * Math.sqrt(2 * pairs * share * (1 - share)));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void aSeedGivesTheSameMaskInAnyPartsAndThreads(int parts) {
    float[] once = logits(1, 1, 7);
    assertArrayEquals(once, logits(parts, 1, 7));
    assertArrayEquals(once, logits(parts, 2, 7));
    assertFalse(Arrays.equals(once, logits(1, 1, 8)));
  }

  @Test
  void twoLayersDrawMasksOfTheirOwn() {
    GraphBuilder builder = builder();
    String first = builder.add("first", new Operation.Dropout(RATE), builder.image());
    String second = builder.add("second", new Operation.Dropout(RATE), first);
    Graph twice = classifier(builder, second);
    int zeros = 0;
    for (float value : logits(twice, 1, 1, 7)) {
      zeros += value == 0 ? 1 : 0;
    }
    int drawn = COUNT * FEATURES;
    double left = 1 - (1 - RATE) * (1 - RATE);
    assertEquals(left * drawn, zeros, 5 * Math.sqrt(drawn * left * (1 - left)));
  }

  /** The gradient of W in z = W·(m∘x) is that of a network whose image is m∘x. */
  @Test
  void theGradientPassesTheSameMask() {
    float[] pixels = ones();
    float[] targets = Batches.targets(IDENTITY, COUNT, 3);
    float[] masked = logits(1, 1, 7);
    Graph plain = identity(0);
    Tensor expected;
    Tensor found;
    try (TorchTraining training = new TorchTraining(plain, 1, Compute.cpu(1))) {
      Tensor images = new Tensor(Shape.of(COUNT, 2, 5, 7), masked);
      expected =
          training
              .gradient(
                  new StepInput(Batches.channelsLast(images), targets, COUNT, Gates.SCALED, 0))
              .get("weight");
    }
    try (TorchTraining training = new TorchTraining(IDENTITY, 1, Compute.cpu(1))) {
      found =
          training.gradient(new StepInput(pixels, targets, COUNT, Gates.SCALED, 7)).get("weight");
    }
    // The same sums of 64 products in floats.
    assertArrayEquals(expected.values(), found.values(), 1e-6f);
  }

  private static float[] logits(int parts, int threads, long seed) {
    return logits(IDENTITY, parts, threads, seed);
  }

  private static float[] logits(Graph graph, int parts, int threads, long seed) {
    try (TorchTraining training = new TorchTraining(graph, parts, Compute.cpu(threads))) {
      return training.step(
          new StepInput(ones(), Batches.targets(graph, COUNT, 3), COUNT, Gates.SCALED, seed),
          NO_STEP);
    }
  }

  private static float[] ones() {
    float[] pixels = new float[COUNT * FEATURES];
    Arrays.fill(pixels, 1);
    return pixels;
  }

  private static Graph identity(float rate) {
    GraphBuilder builder = builder();
    return classifier(
        builder, builder.add("dropout", new Operation.Dropout(rate), builder.image()));
  }

  private static GraphBuilder builder() {
    return new GraphBuilder("identity", Shape.of(2, 5, 7), Task.unnamed(FEATURES, 2), 1);
  }

  private static Graph classifier(GraphBuilder builder, String value) {
    String flat = builder.add("flat", new Operation.Flatten(), value);
    float[] weight = new float[FEATURES * FEATURES];
    for (int f = 0; f < FEATURES; f++) {
      weight[f * FEATURES + f] = 1;
    }
    builder.parameter("weight", new Tensor(Shape.of(FEATURES, FEATURES), weight));
    return builder.build(builder.add("logits", new Operation.Linear(), flat, "weight"));
  }
}
