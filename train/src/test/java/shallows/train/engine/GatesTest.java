package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;
import shallows.model.network.SurvivalSchedule;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class GatesTest {
  private static final int COUNT = 6;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-2));

  private final Graph graph = TestImages.network(1);
  private final float[] pixels = Batches.channelsLast(Batches.normal(graph, COUNT, 2));
  private final float[] targets = Batches.targets(graph, COUNT, 3);

  @Test
  void aBlockThatIsOffIsItsShortcutBitForBit() {
    Set<String> dropped = Set.of(blockName(1), blockName(2), blockName(5));
    boolean[] on = {true, false, false, true, true, false};
    Graph without = Rewrites.drop(graph, dropped);
    assertArrayEquals(
        logits(without, Gates.perBatch(new boolean[] {true, true, true})),
        logits(graph, Gates.perBatch(on)));
  }

  @Test
  void aBlockThatIsOnIsNotScaled() {
    Graph unscaled = SurvivalSchedule.parse("none").applyTo(graph);
    assertArrayEquals(logits(unscaled, Gates.SCALED), logits(graph, Gates.perBatch(allOn())));
  }

  @Test
  void withoutGatesEachBranchIsScaledByItsFactor() {
    assertFalse(Arrays.equals(logits(graph, Gates.SCALED), logits(graph, Gates.perBatch(allOn()))));
    float[] expected = TrainingOracle.logits(graph, Batches.normal(graph, COUNT, 2));
    float[] found = logits(graph, Gates.SCALED);
    // Batch norm over six small images divides by small deviations: errors of 6e-8 grow a
    // hundredfold.
    assertArrayEquals(expected, found, 1e-3f);
  }

  @Test
  void noNodeOfABlockThatIsOffRunsForwardOrBackward() {
    // Any of the branch's operations would spread these through the logits or the gradient.
    Map<String, Tensor> poisoned = new HashMap<>();
    for (String name : parametersOf(graph, 3)) {
      float[] values = new float[graph.parameter(name).size()];
      Arrays.fill(values, Float.NaN);
      poisoned.put(name, new Tensor(graph.parameter(name).shape(), values));
    }
    boolean[] on = allOn();
    on[3] = false;
    try (TorchTraining training =
        new TorchTraining(graph.withParameters(poisoned), 1, Compute.cpu(2))) {
      for (float logit :
          training.step(new StepInput(pixels, targets, COUNT, Gates.perBatch(on), 0), RATES)) {
        assertTrue(Float.isFinite(logit));
      }
      training
          .gradient(new StepInput(pixels, targets, COUNT, Gates.perBatch(on), 0))
          .forEach(
              (name, gradient) -> {
                for (float value : gradient.values()) {
                  assertTrue(Float.isFinite(value), name);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aStepLeavesABlockThatIsOffAsItWas(int parts) {
    Set<String> ofBlock = parametersOf(graph, 4);
    boolean[] on = allOn();
    try (TorchTraining training = new TorchTraining(graph, parts, Compute.cpu(2))) {
      // A first step with all blocks gives every parameter a velocity to coast on.
      training.step(new StepInput(pixels, targets, COUNT, Gates.perBatch(on), 0), RATES);
      Map<String, Tensor> before = TrainedTensors.parameters(training);
      Map<String, Tensor> velocityBefore = TrainedTensors.velocities(training);
      on[4] = false;
      training.step(new StepInput(pixels, targets, COUNT, Gates.perBatch(on), 0), RATES);
      Map<String, Tensor> after = TrainedTensors.parameters(training);
      Map<String, Tensor> velocityAfter = TrainedTensors.velocities(training);
      after.forEach(
          (name, value) ->
              assertEquals(
                  ofBlock.contains(name),
                  Arrays.equals(before.get(name).values(), value.values()),
                  name));
      velocityAfter.forEach(
          (name, value) ->
              assertEquals(
                  ofBlock.contains(name),
                  Arrays.equals(velocityBefore.get(name).values(), value.values()),
                  name));
    }
  }

  private float[] logits(Graph which, Gates gates) {
    try (TorchTraining training = new TorchTraining(which, 1, Compute.cpu(2))) {
      return training.step(new StepInput(pixels, targets, COUNT, gates, 0), RATES);
    }
  }

  private boolean[] allOn() {
    boolean[] on = new boolean[graph.blocks().size()];
    Arrays.fill(on, true);
    return on;
  }

  private String blockName(int block) {
    return graph.blocks().get(block).name();
  }

  private static Set<String> parametersOf(Graph graph, int index) {
    Block block = graph.blocks().get(index);
    Set<String> names = new HashSet<>();
    for (Node node : graph.branch(block)) {
      node.inputs().stream().filter(graph.parameters()::containsKey).forEach(names::add);
    }
    return names;
  }
}
