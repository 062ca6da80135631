package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.train.TestImages;
import shallows.train.checkpoint.State;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
import shallows.train.options.Optimizer;

/** Data parallelism on what every machine has: the processor, taken as several devices. */
class ReplicasTest {
  private static final int COUNT = 12;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-3));

  private final Graph graph = TestImages.network(1);
  private final float[] pixels = Batches.channelsLast(Batches.normal(graph, COUNT, 2));
  private final float[] targets = Batches.targets(graph, COUNT, 3);
  private final Gates on = Gates.perBatch(new boolean[] {true, false, true, true, false, true});

  @Test
  void twoReplicasGiveTheGradientOfOne() {
    Map<String, Tensor> expected = gradient(2, 1);
    assertSame(expected, gradient(2, 2));
  }

  @Test
  void replicasStayAlikeOverStepsAndRestores() {
    for (int replicas : new int[] {2, 3}) {
      try (TorchTraining one = training(3, 1);
          TorchTraining several = training(3, replicas)) {
        for (int step = 0; step < 3; step++) {
          assertArrayEquals(
              one.step(new StepInput(pixels, targets, COUNT, on, 0), RATES),
              several.step(new StepInput(pixels, targets, COUNT, on, 0), RATES));
        }
        assertSame(TrainedTensors.parameters(one), TrainedTensors.parameters(several));
        assertSame(TrainedTensors.velocities(one), TrainedTensors.velocities(several));
        several.restore(one.state());
        assertArrayEquals(
            one.step(new StepInput(pixels, targets, COUNT, Gates.SCALED, 0), RATES),
            several.step(new StepInput(pixels, targets, COUNT, Gates.SCALED, 0), RATES));
        assertSame(TrainedTensors.parameters(one), TrainedTensors.parameters(several));
      }
    }
  }

  @Test
  void fewerPartsThanReplicasGiveEachOne() {
    assertSame(gradient(2, 1), gradient(1, 2));
  }

  @Test
  void goesBackFromWeightsThatAreNoNumbers() {
    try (TorchTraining training = training(2, 2)) {
      training.step(new StepInput(pixels, targets, COUNT, on, 0), RATES);
      State good = training.state();
      float[] expected = training.step(new StepInput(pixels, targets, COUNT, on, 0), RATES);
      float[] infinite = new float[pixels.length];
      Arrays.fill(infinite, Float.POSITIVE_INFINITY);
      training.step(new StepInput(infinite, targets, COUNT, on, 0), RATES);
      assertEquals(false, training.isFinite());
      training.restore(good);
      assertEquals(true, training.isFinite());
      assertArrayEquals(
          expected, training.step(new StepInput(pixels, targets, COUNT, on, 0), RATES));
    }
  }

  private Map<String, Tensor> gradient(int parts, int replicas) {
    try (TorchTraining training = training(parts, replicas)) {
      return training.gradient(new StepInput(pixels, targets, COUNT, on, 0));
    }
  }

  private TorchTraining training(int parts, int replicas) {
    List<Device> devices = Collections.nCopies(replicas, Device.cpu());
    return new TorchTraining(
        graph, Numbers.FLOATS, LayerRates.ALIKE, parts, 1, Compute.cpu(2), devices);
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (name, value) -> assertArrayEquals(value.values(), found.get(name).values(), name));
  }
}
