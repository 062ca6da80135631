package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.ResidualBlocks;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

/** Training with gates where a block's branch is not added to its shortcut but put behind it. */
class DenseNetworkTest {
  private static final int COUNT = 6;
  private static final int STEM = 6;
  private static final int GROWTH = 3;
  private static final int LAYERS = 4;

  /** As in {@link ArchitecturesTest}. */
  private static final double TOLERANCE = 0.03;

  private static final double STEP = 2e-3;

  /** Batch norm over six small images divides by small deviations, as in {@link GatesTest}. */
  private static final float ORACLE = 1e-3f;

  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-2));

  /** The second and the last of four layers are off. */
  private static final boolean[] ON = {true, false, true, false};

  private final Graph graph = network();
  private final Graph without =
      Rewrites.drop(graph, Set.of(graph.blocks().get(1).name(), graph.blocks().get(3).name()));
  private final Tensor batch = Batches.normal(graph, COUNT, 2);
  private final float[] targets = Batches.targets(graph, COUNT, 3);

  @Test
  void everyLayerIsABlock() {
    assertEquals(LAYERS, graph.blocks().size());
  }

  @Test
  void aLayerThatIsOffLeavesZerosInItsChannels() {
    float[] found;
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      found =
          training.step(
              new StepInput(Batches.channelsLast(batch), targets, COUNT, Gates.perBatch(ON), 0),
              RATES);
    }
    assertArrayEquals(TrainingOracle.logits(without, batch), found, ORACLE);
    // And the oracle's network is the one with zeros there: no more, no fewer.
    Block off = graph.blocks().get(1);
    Tensor sum = Interpreter.values(without, batch).get(off.sum());
    int shortcut = graph.shape(off.shortcut()).dimension(0);
    int area = sum.shape().dimension(2) * sum.shape().dimension(3);
    assertEquals(shortcut + GROWTH, sum.shape().dimension(1));
    for (int i = 0; i < sum.size(); i++) {
      boolean ofBranch = i / area % (shortcut + GROWTH) >= shortcut;
      assertTrue(!ofBranch || sum.values()[i] == 0f, "value " + i);
    }
  }

  @Test
  void gradientsAreThoseOfTheNetworkWithZeros() {
    Map<String, Tensor> gradient = gradient(graph, ON);
    Map<String, Tensor> expected = gradient(without, new boolean[] {true, true});
    Set<String> ofOffLayers = new HashSet<>(gradient.keySet());
    ofOffLayers.removeAll(expected.keySet());
    assertEquals(parametersOf(1, 3), ofOffLayers);
    for (String name : ofOffLayers) {
      for (float value : gradient.get(name).values()) {
        assertEquals(0f, value, name);
      }
    }
    expected.forEach(
        (name, value) ->
            assertArrayEquals(value.values(), gradient.get(name).values(), ORACLE, name));
    assertDifferenceQuotient(expected);
  }

  /** The loss of the oracle along the gradient. */
  private void assertDifferenceQuotient(Map<String, Tensor> gradient) {
    double squares = 0;
    for (Tensor part : gradient.values()) {
      for (float value : part.values()) {
        squares += (double) value * value;
      }
    }
    double length = Math.sqrt(squares);
    double slope = (loss(gradient, STEP / length) - loss(gradient, -STEP / length)) / (2 * STEP);
    assertTrue(length > 0.1, "the gradient has the length " + length);
    assertEquals(length, slope, TOLERANCE * length);
  }

  private double loss(Map<String, Tensor> direction, double step) {
    Map<String, Tensor> moved = new HashMap<>();
    direction.forEach(
        (name, part) -> {
          float[] values = without.parameter(name).values().clone();
          for (int i = 0; i < values.length; i++) {
            values[i] += (float) (step * part.values()[i]);
          }
          moved.put(name, new Tensor(part.shape(), values));
        });
    return Batches.loss(
        TrainingOracle.logits(without.withParameters(moved), batch), targets, COUNT);
  }

  private Map<String, Tensor> gradient(Graph network, boolean[] on) {
    try (TorchTraining training = new TorchTraining(network, 1, Compute.cpu(2))) {
      return training.gradient(
          new StepInput(Batches.channelsLast(batch), targets, COUNT, Gates.perBatch(on), 0));
    }
  }

  /** What the optimizer moves in the branches of these blocks. */
  private Set<String> parametersOf(int... blocks) {
    Set<String> names = new HashSet<>();
    for (int block : blocks) {
      for (Node node : graph.branch(graph.blocks().get(block))) {
        boolean norm = node.operation() instanceof Operation.BatchNorm;
        List<String> trained = norm ? node.inputs().subList(1, 3) : node.inputs();
        trained.stream().filter(graph.parameters()::containsKey).forEach(names::add);
      }
    }
    return names;
  }

  private static Graph network() {
    GraphBuilder builder = new GraphBuilder("dense", Shape.of(2, 7, 6), Task.unnamed(5, 2), 1);
    String x = builder.conv("stem", builder.image(), STEM, 3, Operation.Conv2d.of(1, 1));
    for (int layer = 1; layer <= LAYERS; layer++) {
      String name = "layer" + layer;
      String branch = builder.batchNorm(name + "/norm", x);
      branch = builder.add(name + "/relu", new Operation.Relu(), branch);
      branch = builder.conv(name + "/conv", branch, GROWTH, 3, Operation.Conv2d.of(1, 1));
      x = builder.add(name, new Operation.Concat(), x, branch);
    }
    x = builder.batchNorm("norm", x);
    x = builder.add("relu", new Operation.Relu(), x);
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return TestGraphs.shaken(
        ResidualBlocks.found(builder.build(builder.linear("classifier", x, 5))), 2);
  }
}
