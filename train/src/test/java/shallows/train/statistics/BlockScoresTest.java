package shallows.train.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.images.PixelOrder;
import shallows.train.Compute;
import shallows.train.TestImages;
import shallows.train.options.Batching;
import shallows.train.options.Optimizer;
import shallows.train.torch.Gates;
import shallows.train.torch.StepInput;
import shallows.train.torch.StepRates;
import shallows.train.torch.TorchTraining;

class BlockScoresTest {
  private static final int BATCH = 64;

  /**
   * A share of the slope: a step moves some ReLU of thousands over its kink. Beside it, {@link
   * #NOISE}: a loss from logits of floats has an error of a few 1e-7, over twice the step.
   */
  private static final double TOLERANCE = 0.05;

  private static final double NOISE = 1e-3;

  private static final float STEP = 0.002f;

  private final Graph graph = TestImages.network(1);
  private final LabelledImages images = TestImages.of(BATCH, 3);

  @Test
  void taylorIsTheSlopeOfTheLossInAFactorBeforeTheBranch() {
    Map<String, BlockScores.Score> scores = BlockScores.measure(graph, images, Compute.cpu(1));
    for (Block block : graph.blocks()) {
      double slope =
          (loss(withFactor(block, 1 + STEP)) - loss(withFactor(block, 1 - STEP))) / (2 * STEP);
      assertEquals(
          Math.abs(slope),
          scores.get(block.name()).taylor(),
          TOLERANCE * Math.abs(slope) + NOISE,
          block.name());
    }
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

  private Graph withFactor(Block block, float factor) {
    float survival = graph.survival(block);
    return Rewrites.withOperations(
        graph, Map.of(block.branch(), new Operation.Scale(survival * factor)));
  }

  private double loss(Graph network) {
    float[] pixels = new float[BATCH * images.imageBytes()];
    int[] all = IntStream.range(0, BATCH).toArray();
    images.fill(
        all,
        new Normalization(graph.task().mean(), graph.task().deviation()),
        PixelOrder.CHANNELS_LAST,
        pixels);
    float[] targets = new float[BATCH * graph.classes()];
    IntStream.range(0, BATCH).forEach(i -> targets[i * graph.classes() + images.label(i)] = 1);
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
    return new Predictions(rows).meanLoss(images);
  }
}
