package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

/** Each architecture in training: its gradient, and its blocks on and off. */
class ArchitecturesTest {
  private static final Shape IMAGE = Shape.of(2, 9, 8);
  private static final int COUNT = 4;

  /**
   * Of the length of the gradient, for a step h of all parameters together. The loss is off by
   * about 1e-6 behind this many layers, its quotient so by 1e-6 / h, and a few of the ReLUs change
   * sides.
   */
  private static final double TOLERANCE = 0.03;

  private static final double STEP = 2e-3;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-4));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-8-b",
        "preresnet-8",
        "preresnet-8-b",
        "wrn-10-2",
        "densenet-10-6",
        "densenet-bc-10-8"
      })
  void theGradientIsADifferenceQuotient(String name) {
    Graph graph = network(name);
    Tensor batch = Batches.normal(graph, COUNT, 5);
    float[] targets = Batches.targets(graph, COUNT, 6);
    Map<String, Tensor> gradient;
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      gradient =
          training.gradient(
              new StepInput(Batches.channelsLast(batch), targets, COUNT, Gates.SCALED, 0));
    }
    double squares = 0;
    for (Tensor part : gradient.values()) {
      for (float value : part.values()) {
        squares += (double) value * value;
      }
    }
    double length = Math.sqrt(squares);
    double[] losses = new double[2];
    for (int side = 0; side < 2; side++) {
      double step = (side == 0 ? -STEP : STEP) / length;
      Map<String, Tensor> moved = new HashMap<>();
      gradient.forEach(
          (parameter, part) -> {
            float[] values = graph.parameter(parameter).values().clone();
            for (int i = 0; i < values.length; i++) {
              values[i] += (float) (step * part.values()[i]);
            }
            moved.put(parameter, new Tensor(part.shape(), values));
          });
      float[] logits = TrainingOracle.logits(graph.withParameters(moved), batch);
      losses[side] = Batches.loss(logits, targets, COUNT);
    }
    assertTrue(length > 0.1, "the gradient has the length " + length);
    assertEquals(length, (losses[1] - losses[0]) / (2 * STEP), TOLERANCE * length);
  }

  /** With dropout too: its masks hang on the names of the nodes, which dropping a block keeps. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet-14-b",
        "preresnet-14",
        "preresnet-14-b",
        "wrn-16-1",
        "wrn-16-1-d0.3",
        "densenet-13-4",
        "densenet-bc-16-4",
        "mobilenet-v2-s1"
      })
  void blocksThatAreOffAreTheirShortcutsBitForBit(String name) {
    Graph graph = network(name);
    Random random = new Random(4);
    for (int draw = 0; draw < 3; draw++) {
      boolean[] on = new boolean[graph.blocks().size()];
      Set<String> off = new HashSet<>();
      int left = 0;
      for (int b = 0; b < on.length; b++) {
        // Every other one off at most, then any, then all.
        on[b] = draw < 2 && (random.nextBoolean() || draw == 0 && b % 2 == 0);
        left += on[b] ? 1 : 0;
        if (!on[b]) {
          off.add(graph.blocks().get(b).name());
        }
      }
      boolean[] all = new boolean[left];
      Arrays.fill(all, true);
      assertArrayEquals(logits(Rewrites.drop(graph, off), all), logits(graph, on), name);
    }
  }

  private static float[] logits(Graph graph, boolean[] on) {
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      return training.step(
          new StepInput(
              Batches.channelsLast(Batches.normal(graph, COUNT, 2)),
              Batches.targets(graph, COUNT, 3),
              COUNT,
              Gates.perBatch(on),
              9),
          RATES);
    }
  }

  private static Graph network(String name) {
    Graph fresh = Networks.create(name, IMAGE, Task.unnamed(5, 2), 1);
    return TestGraphs.shaken(SurvivalSchedule.parse("linear:0.5").applyTo(fresh), 2);
  }
}
