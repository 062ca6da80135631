package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;
import shallows.train.TestImages;
import shallows.train.engine.Gates;
import shallows.train.engine.Randomness;
import shallows.train.engine.StepInput;
import shallows.train.engine.StepRates;
import shallows.train.engine.TorchTraining;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class BlockScoresTest {
  private static final int BATCH = BlockScores.BATCH;

  /**
   * A share of the slope: a step moves some ReLU of thousands over its kink. Beside it, {@link
   * #NOISE}: a loss from logits of floats has an error of a few 1e-7, over twice the step.
   */
  private static final double TOLERANCE = 0.05;

  private static final double NOISE = 1e-3;

  private static final float STEP = 0.002f;

  private final Graph graph = TestImages.network(1);
  private final LabelledImages images = TestImages.of(4 * BATCH, 3);

  @Test
  void taylorIsTheMeanSlopeOfTheLossInAFactorBeforeTheBranch() {
    Map<String, BlockScores.Score> scores = BlockScores.measure(graph, images, Compute.cpu(1));
    for (Block block : graph.blocks()) {
      double expected = Arrays.stream(slopes(block)).map(Math::abs).average().orElseThrow();
      double found = scores.get(block.name()).taylor();
      assertEquals(expected, found, TOLERANCE * expected + NOISE, block.name());
    }
  }

  @Test
  void theSecondOrderIsThatOfTheSlopesOfTheLossOnHeldOutImages() {
    Map<String, BlockScores.Score> scores = BlockScores.measure(graph, images, Compute.cpu(1));
    Map<String, double[]> slopes = new LinkedHashMap<>();
    graph.blocks().forEach(block -> slopes.put(block.name(), slopes(block)));
    Map<String, Double> expected = BlockScores.secondOrder(slopes, BATCH);
    expected.forEach(
        (block, score) -> {
          double found = scores.get(block).secondOrder();
          assertEquals(score, found, TOLERANCE * Math.abs(score) + NOISE, block);
          assertTrue(Math.abs(score) > 5 * NOISE, block + ": it must be seen: " + score);
        });
  }

  /** −λ·E[g] + ½·(E[g]² + v) with v = 8·var(G) and λ = 1 − 1 / mean(n·E[g]² / v), by hand. */
  @Test
  void theSecondOrderTakesTheShareOfTheSlopeThatIsNotChance() {
    // Means 3 and 1 over four batches, variances of batches 8/3 and 2/3: ratios 13.5 and 6.
    Map<String, double[]> slopes = new LinkedHashMap<>();
    slopes.put("a", new double[] {1, 3, 3, 5});
    slopes.put("b", new double[] {0, 1, 1, 2});
    double real = 1 - 1 / 9.75;
    Map<String, Double> scores = BlockScores.secondOrder(slopes, 8);
    assertEquals(-real * 3 + 0.5 * (9 + 8 * 8 / 3.0), scores.get("a"), 1e-12);
    assertEquals(-real * 1 + 0.5 * (1 + 8 * 2 / 3.0), scores.get("b"), 1e-12);
    // A mean that is smaller than its error says nothing, and only the curvature is left.
    Map<String, Double> chance =
        BlockScores.secondOrder(Map.of("c", new double[] {-3, 4, -4, 3.5}), 8);
    double mean = 0.125;
    double variance = (9 + 16 + 16 + 12.25 - 4 * mean * mean) / 3;
    assertEquals(0.5 * (mean * mean + 8 * variance), chance.get("c"), 1e-12);
  }

  @Test
  void oneBatchHasNoVarianceAndNoSecondOrder() {
    LabelledImages few = TestImages.of(BATCH + 3, 3);
    BlockScores.Score score =
        BlockScores.measure(graph, few, Compute.cpu(1)).get(graph.blocks().get(0).name());
    assertNull(score.secondOrder());
    assertTrue(score.taylor() > 0);
  }

  @Test
  void aBranchOfZeroHasNoTaylorScoreAndNoGamma() {
    String block = graph.blocks().get(1).name();
    String norm = block + "/2/norm";
    int channels = graph.parameter(norm + "/scale").size();
    Graph zero =
        graph.withParameters(
            Map.of(
                norm + "/scale", Tensor.vector(new float[channels]),
                norm + "/bias", Tensor.vector(new float[channels])));
    BlockScores.Score score = BlockScores.measure(zero, images, Compute.cpu(1)).get(block);
    assertEquals(0, score.taylor());
    assertEquals(0, score.secondOrder(), 0.0);
    assertEquals(0, score.gamma());
    assertTrue(score.l1() > 0);
  }

  @Test
  void l1IsTheMeanMagnitudeOverAllWeightsOfTheBranch() {
    Block block = graph.blocks().get(0);
    double sum = 0;
    int count = 0;
    for (String convolution : new String[] {"/1/conv/weight", "/2/conv/weight"}) {
      for (float weight : graph.parameter(block.name() + convolution).values()) {
        sum += Math.abs(weight);
        count++;
      }
    }
    BlockScores.Score score = BlockScores.measure(graph, images, Compute.cpu(1)).get(block.name());
    assertEquals(sum / count, score.l1(), 1e-9);
  }

  /** ∂L/∂z of each batch, by central differences. */
  private double[] slopes(Block block) {
    Graph more = withFactor(block, 1 + STEP);
    Graph less = withFactor(block, 1 - STEP);
    int[] order = Randomness.order(images.size(), 0, 0);
    return IntStream.range(0, images.size() / BATCH)
        .mapToDouble(
            batch -> {
              int[] which = Arrays.copyOfRange(order, batch * BATCH, (batch + 1) * BATCH);
              return (loss(more, which) - loss(less, which)) / (2 * STEP);
            })
        .toArray();
  }

  /**
   * Image folders come class by class. A batch of one class has statistics of its own, and what
   * batch norm makes of them swamps what a block is worth. That batches are taken in this order is
   * what the slopes above hold the scores to.
   */
  @Test
  void imagesThatComeClassByClassAreMixed() {
    int classes = graph.classes();
    int[] order = Randomness.order(16 * BATCH, 0, 0);
    for (int batch = 0; batch < 16; batch++) {
      int[] ofClass = new int[classes];
      for (int i = batch * BATCH; i < (batch + 1) * BATCH; i++) {
        ofClass[order[i] * classes / order.length]++;
      }
      for (int count : ofClass) {
        assertTrue(count > 0, () -> Arrays.toString(ofClass));
      }
    }
  }

  private Graph withFactor(Block block, float factor) {
    float survival = graph.survival(block);
    return Rewrites.withOperations(
        graph, Map.of(block.branch(), new Operation.Scale(survival * factor)));
  }

  private double loss(Graph network, int[] which) {
    float[] pixels = new float[BATCH * images.imageBytes()];
    images.fill(which, graph.task().normalization(), pixels);
    float[] targets = new float[BATCH * graph.classes()];
    IntStream.range(0, BATCH)
        .forEach(i -> targets[i * graph.classes() + images.label(which[i])] = 1);
    float[] logits;
    try (TorchTraining training =
        new TorchTraining(network, Batching.inParts(BATCH).parts(BATCH), Compute.cpu(1))) {
      // The logits of before the step, normalized with the statistics of the batch.
      logits =
          training.step(
              new StepInput(pixels, targets, BATCH, Gates.SCALED, 0),
              new StepRates(1e-9, Optimizer.of(0, 0)));
    }
    float[][] rows = new float[BATCH][network.classes()];
    for (int i = 0; i < BATCH; i++) {
      System.arraycopy(logits, i * network.classes(), rows[i], 0, network.classes());
    }
    return new Predictions(rows).meanLoss(images.subset(which));
  }
}
