package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.train.TestImages;
import shallows.train.checkpoint.State;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class WeightAverageTest {
  private static final int COUNT = 8;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-3));

  /** A few roundings of 6e-8. */
  private static final float ROUNDING = 1e-6f;

  private final Graph graph = TestImages.network(1);

  @Test
  void theGraphIsTheAverageOfWeightsAndStatistics() {
    try (TorchTraining training = new TorchTraining(graph, 2, Compute.cpu(2))) {
      step(training, 1);
      training.average(0);
      Map<String, Tensor> first = TrainedTensors.parameters(training);
      step(training, 2);
      training.average(0.75);
      Map<String, Tensor> second = TrainedTensors.parameters(training);
      training
          .graph()
          .parameters()
          .forEach(
              (name, value) -> {
                for (int i = 0; i < value.size(); i++) {
                  float expected =
                      0.75f * first.get(name).values()[i] + 0.25f * second.get(name).values()[i];
                  assertEquals(expected, value.values()[i], ROUNDING * (1 + Math.abs(expected)));
                }
              });
    }
  }

  @Test
  void averagesComeBackWithTheStateAndGoWithIt() {
    try (TorchTraining training = new TorchTraining(graph, 2, Compute.cpu(2))) {
      State without = training.state();
      step(training, 1);
      training.average(0.5);
      step(training, 2);
      training.average(0.5);
      State with = training.state();
      Map<String, Tensor> expected = training.graph().parameters();
      step(training, 3);
      training.average(0.5);
      training.restore(with);
      assertSame(expected, training.graph().parameters());
      training.restore(without);
      assertSame(graph.parameters(), training.graph().parameters());
    }
  }

  private void step(TorchTraining training, long seed) {
    training.step(
        new StepInput(
            Batches.channelsLast(Batches.normal(graph, COUNT, seed)),
            Batches.targets(graph, COUNT, seed),
            COUNT,
            Gates.SCALED,
            0),
        RATES);
  }

  private static void assertSame(Map<String, Tensor> expected, Map<String, Tensor> found) {
    expected.forEach(
        (name, value) -> assertArrayEquals(value.values(), found.get(name).values(), name));
  }
}
