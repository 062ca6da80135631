package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class PartsTest {
  private static final int COUNT = 12;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-3));

  /** The mean of two floats rounds once where the parts' own factor rounds elsewhere. */
  private static final float TOLERANCE = 1e-6f;

  private final Graph graph = TestImages.network(1);
  private final int image = graph.input().shape().size();
  private final float[] pixels = Batches.channelsLast(Batches.normal(graph, COUNT, 2));
  private final float[] targets = Batches.targets(graph, COUNT, 3);

  @Test
  void noBitDependsOnTheNumberOfThreads() {
    Map<String, Tensor> expected = afterSteps(3, 1);
    for (int threads : new int[] {2, 5}) {
      Map<String, Tensor> found = afterSteps(3, threads);
      expected.forEach(
          (name, value) -> assertArrayEquals(value.values(), found.get(name).values(), name));
    }
  }

  @Test
  void theGradientIsTheMeanOverThePartsEachWithItsOwnBatchNorm() {
    Map<String, Tensor> whole = gradient(pixels, targets, COUNT, 2);
    int half = COUNT / 2;
    Map<String, Tensor> first =
        gradient(Arrays.copyOf(pixels, half * image), Arrays.copyOf(targets, half * 3), half, 1);
    Map<String, Tensor> second =
        gradient(
            Arrays.copyOfRange(pixels, half * image, COUNT * image),
            Arrays.copyOfRange(targets, half * 3, COUNT * 3),
            half,
            1);
    whole.forEach(
        (name, value) -> {
          for (int i = 0; i < value.size(); i++) {
            float mean = (first.get(name).values()[i] + second.get(name).values()[i]) / 2;
            assertEquals(mean, value.values()[i], TOLERANCE * (1 + Math.abs(mean)), name);
          }
        });
  }

  @Test
  void runningStatisticsAreTheMeanOverTheParts() {
    Map<String, Tensor> whole = afterStep(pixels, targets, COUNT, 2);
    int half = COUNT / 2;
    Map<String, Tensor> first =
        afterStep(Arrays.copyOf(pixels, half * image), Arrays.copyOf(targets, half * 3), half, 1);
    Map<String, Tensor> second =
        afterStep(
            Arrays.copyOfRange(pixels, half * image, COUNT * image),
            Arrays.copyOfRange(targets, half * 3, COUNT * 3),
            half,
            1);
    for (String name : ParameterGroups.stored(graph)) {
      for (int c = 0; c < whole.get(name).size(); c++) {
        float mean = (first.get(name).values()[c] + second.get(name).values()[c]) / 2;
        assertEquals(mean, whole.get(name).values()[c], TOLERANCE * (1 + Math.abs(mean)), name);
      }
    }
  }

  @Test
  void aBatchOfFewImagesGetsFewerParts() {
    try (TorchTraining training = new TorchTraining(graph, 4, Compute.cpu(2))) {
      for (int count : new int[] {1, 2, 3, 7}) {
        assertEquals(
            count * 3,
            training.step(new StepInput(pixels, targets, count, Gates.SCALED, 0), RATES).length);
      }
    }
  }

  private Map<String, Tensor> afterSteps(int parts, int threads) {
    try (TorchTraining training = new TorchTraining(graph, parts, Compute.cpu(threads))) {
      for (int step = 0; step < 4; step++) {
        training.step(new StepInput(pixels, targets, COUNT, Gates.SCALED, 0), RATES);
      }
      return TrainedTensors.parameters(training);
    }
  }

  private Map<String, Tensor> afterStep(float[] images, float[] goals, int count, int parts) {
    try (TorchTraining training = new TorchTraining(graph, parts, Compute.cpu(2))) {
      training.step(new StepInput(images, goals, count, Gates.SCALED, 0), RATES);
      return TrainedTensors.parameters(training);
    }
  }

  private Map<String, Tensor> gradient(float[] images, float[] goals, int count, int parts) {
    try (TorchTraining training = new TorchTraining(graph, parts, Compute.cpu(2))) {
      return training.gradient(new StepInput(images, goals, count, Gates.SCALED, 0));
    }
  }
}
