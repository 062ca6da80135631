package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
import shallows.train.options.Optimizer;

class StepsInFlightTest {
  private static final StepRates RATES = new StepRates(0.05, Optimizer.of(0.9, 1e-4));
  private static final int COUNT = 13;
  private static final int STEPS = 3;

  /** Losses of a few nats, from logits in floats; their sums are in doubles on both sides. */
  private static final double TOLERANCE = 1e-6;

  private final Graph graph = TestImages.network(1);

  @Test
  void outcomesAreThoseOfTheLogits() {
    for (int parts : new int[] {1, 3}) {
      assertOutcomes(parts, true);
      assertOutcomes(parts, false);
    }
  }

  private void assertOutcomes(int parts, boolean ahead) {
    try (TorchTraining training = training(parts, 1);
        StepsInFlight steps = training.load(inputs(0), ahead)) {
      inputs(0).forEach(input -> training.step(steps, RATES));
      List<StepOutcome> outcomes = steps.outcomes();
      assertEquals(STEPS, outcomes.size());
      for (int s = 0; s < STEPS; s++) {
        float[] targets = inputs(0).get(s).targets();
        float[] logits = steps.logits(s);
        StepOutcome outcome = outcomes.get(s);
        assertEquals(Batches.loss(logits, targets, COUNT), outcome.loss(), TOLERANCE);
        assertEquals(right(logits, targets), outcome.right());
        for (int i = 0; i < COUNT; i++) {
          assertEquals(
              Batches.loss(row(logits, i), row(targets, i), 1), outcome.losses()[i], TOLERANCE);
        }
      }
    }
  }

  @Test
  void loadedTogetherOrOneByOneTheyGiveTheSameBits() {
    for (int replicas : new int[] {1, 2}) {
      try (TorchTraining together = training(2, replicas);
          TorchTraining single = training(2, replicas)) {
        List<StepOutcome> expected = new ArrayList<>();
        for (StepInput input : inputs(1)) {
          try (StepsInFlight step = single.load(List.of(input), true)) {
            single.step(step, RATES);
            expected.addAll(step.outcomes());
          }
        }
        try (StepsInFlight steps = together.load(inputs(1), true)) {
          inputs(1).forEach(input -> together.step(steps, RATES));
          List<StepOutcome> found = steps.outcomes();
          for (int s = 0; s < STEPS; s++) {
            assertEquals(expected.get(s).loss(), found.get(s).loss());
            assertEquals(expected.get(s).right(), found.get(s).right());
            assertArrayEquals(expected.get(s).losses(), found.get(s).losses());
          }
        }
        TrainedTensors.parameters(single)
            .forEach(
                (name, value) ->
                    assertArrayEquals(
                        value.values(),
                        TrainedTensors.parameters(together).get(name).values(),
                        name));
      }
    }
  }

  @Test
  void theProcessorTakesOneStepAtATimeAndAGpuSeveralOfSmallImages() {
    long cifar = 128L * 3 * 32 * 32 * Float.BYTES;
    long imageNet = 64L * 3 * 224 * 224 * Float.BYTES;
    assertEquals(new Pace(8, true), Pace.ofGpu(cifar));
    assertEquals(new Pace(3, true), Pace.ofGpu(imageNet));
    assertEquals(new Pace(1, true), Pace.ofGpu(100 * imageNet));
    try (TorchTraining training = training(1, 1)) {
      assertEquals(Pace.STEP_BY_STEP, training.pace(COUNT));
    }
    assertThrows(IllegalArgumentException.class, () -> new Pace(2, false));
  }

  /** Different images, targets and gates in each step. */
  private List<StepInput> inputs(long seed) {
    List<StepInput> inputs = new ArrayList<>();
    for (int s = 0; s < STEPS; s++) {
      boolean[] on = {true, s != 0, true, s != 1, false, true};
      inputs.add(
          new StepInput(
              Batches.channelsLast(Batches.normal(graph, COUNT, 10 * seed + s)),
              Batches.targets(graph, COUNT, 20 * seed + s),
              COUNT,
              Gates.perBatch(on),
              0));
    }
    return inputs;
  }

  private int right(float[] logits, float[] targets) {
    int right = 0;
    for (int i = 0; i < COUNT; i++) {
      right += largest(row(logits, i)) == largest(row(targets, i)) ? 1 : 0;
    }
    return right;
  }

  private static int largest(float[] row) {
    int largest = 0;
    for (int k = 1; k < row.length; k++) {
      largest = row[k] > row[largest] ? k : largest;
    }
    return largest;
  }

  private float[] row(float[] rows, int i) {
    int classes = graph.classes();
    return Arrays.copyOfRange(rows, i * classes, (i + 1) * classes);
  }

  private TorchTraining training(int parts, int replicas) {
    List<Device> devices = Collections.nCopies(replicas, Device.cpu());
    return new TorchTraining(
        graph, Numbers.FLOATS, LayerRates.ALIKE, parts, 1, Compute.cpu(2), devices);
  }
}
