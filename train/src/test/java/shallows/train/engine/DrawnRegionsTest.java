package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.PoolingRegions;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

/** Fractional max-pooling in training: the seed of the step draws its regions. */
class DrawnRegionsTest {
  private static final int COUNT = 4;
  private static final long SEED = 77;

  /** Batch norm over few pixels divides by small deviations, as in {@link GatesTest}. */
  private static final float ORACLE = 1e-3f;

  private final Graph graph =
      Networks.create("fmp-5-4-random", Shape.of(2, 11, 10), Task.unnamed(5, 2), 1);
  private final Tensor batch = Batches.normal(graph, COUNT, 2);

  @Test
  void aStepComputesWithTheRegionsOfItsSeed() {
    float[] found = logits(SEED);
    Graph drawn = PoolingRegions.redrawn(graph, SEED);
    assertArrayEquals(TrainingOracle.logits(drawn, batch), found, ORACLE);
    assertFalse(Arrays.equals(TrainingOracle.logits(graph, batch), found));
  }

  @Test
  void theSameSeedGivesTheSameBitsAndAnotherOneOtherRegions() {
    assertArrayEquals(logits(SEED), logits(SEED));
    assertFalse(Arrays.equals(logits(SEED), logits(SEED + 1)));
  }

  private float[] logits(long seed) {
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      return training.step(
          new StepInput(
              Batches.channelsLast(batch),
              Batches.targets(graph, COUNT, 3),
              COUNT,
              Gates.perBatch(new boolean[0]),
              seed),
          new StepRates(0.1, Optimizer.of(0.9, 1e-4)));
    }
  }
}
