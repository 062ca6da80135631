package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

/**
 * The gradient through a whole MobileNetV2 against difference quotients of its own forward pass,
 * which other tests hold to the interpreter: that is too slow for fifty batch norms, each measured
 * before the next can be.
 */
class MobileNetGradientTest {
  private static final int COUNT = 8;

  /**
   * How much the loss is to change when parameters move by h along their gradient, so h is as small
   * as the gradient is large: behind fifty batch norms the loss bends within 1e-3 where it is
   * steep.
   */
  private static final double CHANGE = 5e-4;

  /** h where there is no gradient to speak of, as in front of a batch norm that takes it out. */
  private static final double LARGEST_STEP = 0.01;

  /** Of the loss; differences of 2e-7 were found. */
  private static final double NOISE = 2e-6;

  /** Of the length of the gradient, for ReLU6s that change sides. */
  private static final double TOLERANCE = 0.03;

  /** Of some hundred parameters, every so-and-so-manieth has its gradient checked by itself. */
  private static final int EVERY = 11;

  private static final StepRates NO_STEP = new StepRates(0, Optimizer.of(0, 0));

  private final Graph graph =
      SurvivalSchedule.parse("linear:0.5")
          .applyTo(Networks.create("mobilenet-v2-s1", Shape.of(3, 32, 32), Task.unnamed(5, 3), 1));
  private final float[] pixels = Batches.channelsLast(Batches.normal(graph, COUNT, 5));
  private final float[] targets = Batches.targets(graph, COUNT, 6);

  @Test
  void isTheDifferenceQuotientOfAllParametersAndOfSingleOnes() {
    Map<String, Tensor> gradient;
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      gradient = training.gradient(new StepInput(pixels, targets, COUNT, Gates.SCALED, 0));
    }
    assertQuotient(gradient, gradient.keySet());
    List<String> names = new ArrayList<>(gradient.keySet());
    for (int i = 0; i < names.size(); i += EVERY) {
      assertQuotient(gradient, List.of(names.get(i)));
    }
  }

  private void assertQuotient(Map<String, Tensor> gradient, Iterable<String> names) {
    double squares = 0;
    for (String name : names) {
      for (float value : gradient.get(name).values()) {
        squares += (double) value * value;
      }
    }
    double length = Math.sqrt(squares);
    assertTrue(length > 0, names + " have no gradient");
    double h = Math.min(CHANGE / length, LARGEST_STEP);
    double up = loss(gradient, names, h / length);
    double down = loss(gradient, names, -h / length);
    double tolerance = TOLERANCE * length + NOISE / (2 * h);
    assertEquals(length, (up - down) / (2 * h), tolerance, names.toString());
  }

  /** Of the network whose parameters of these names moved along their gradient. */
  private double loss(Map<String, Tensor> gradient, Iterable<String> names, double step) {
    Map<String, Tensor> moved = new HashMap<>();
    for (String name : names) {
      Tensor part = gradient.get(name);
      float[] values = graph.parameter(name).values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) (step * part.values()[i]);
      }
      moved.put(name, new Tensor(part.shape(), values));
    }
    try (TorchTraining training =
        new TorchTraining(graph.withParameters(moved), 1, Compute.cpu(2))) {
      float[] logits =
          training.step(new StepInput(pixels, targets, COUNT, Gates.SCALED, 0), NO_STEP);
      return Batches.loss(logits, targets, COUNT);
    }
  }
}
