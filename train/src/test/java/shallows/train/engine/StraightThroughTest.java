package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class StraightThroughTest {
  /** α is a mean of a few hundred numbers, in float here and in double there. */
  private static final float TOLERANCE = 1e-6f;

  private static final shallows.model.graph.Shape SHAPE = shallows.model.graph.Shape.of(4, 3, 3, 3);

  @Test
  void forwardGivesTheProjectedWeights() {
    Tensor weight = weight();
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      float[] found =
          StraightThrough.binarize(manager.create(weight.values().clone(), new Shape(4, 3, 3, 3)))
              .toFloatArray();
      assertArrayEquals(BinaryWeights.project(weight).values(), found, TOLERANCE);
    }
  }

  @Test
  void backwardPassesTheGradientWhereTheWeightIsAtMostOne() {
    Tensor weight = weight();
    Random random = new Random(3);
    float[] upstream = new float[weight.size()];
    for (int i = 0; i < upstream.length; i++) {
      upstream[i] = random.nextFloat();
    }
    try (NDManager manager = Torch.manager(Compute.cpu(1));
        GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDArray leaf = manager.create(weight.values().clone(), new Shape(4, 3, 3, 3));
      leaf.setRequiresGradient(true);
      NDArray factor = manager.create(upstream, new Shape(4, 3, 3, 3));
      collector.backward(StraightThrough.binarize(leaf).mul(factor).sum());
      float[] gradient = leaf.getGradient().toFloatArray();
      for (int i = 0; i < gradient.length; i++) {
        float expected = Math.abs(weight.values()[i]) <= 1 ? upstream[i] : 0;
        assertEquals(expected, gradient[i], "weight " + weight.values()[i]);
      }
    }
  }

  @Test
  void aBinaryBlockTrainsItsRealWeightsAndGivesBinaryOnesAway() {
    Graph graph = binary(TestImages.network(1), 2);
    Tensor batch = Batches.normal(graph, 4, 5);
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(1))) {
      for (int step = 0; step < 3; step++) {
        training.step(
            new StepInput(
                Batches.channelsLast(batch), Batches.targets(graph, 4, 6), 4, Gates.SCALED, 0),
            new StepRates(0.01, Optimizer.of(0.9, 0)));
      }
      String name = graph.blocks().get(2).name() + "/2/conv/weight";
      Tensor latent = TrainedTensors.parameters(training).get(name);
      Tensor given = training.graph().parameter(name);
      assertArrayEquals(BinaryWeights.project(latent).values(), given.values());
      assertTrue(BinaryWeights.scales(latent)[0] > 0 && latent.values()[0] != given.values()[0]);
    }
  }

  static Graph binary(Graph graph, int block) {
    Map<String, Operation> operations = new HashMap<>();
    for (Node node : graph.branch(graph.blocks().get(block))) {
      if (node.operation() instanceof Operation.Conv2d conv) {
        operations.put(node.name(), conv.withPrecision(Precision.BINARY));
      }
    }
    return Rewrites.withOperations(graph, operations);
  }

  /** From N(0, 1), so that a third lies beyond ±1; one is exactly 1 and one is 0. */
  private static Tensor weight() {
    Random random = new Random(2);
    float[] values = new float[SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    values[0] = 1;
    values[1] = 0;
    return new Tensor(SHAPE, values);
  }
}
