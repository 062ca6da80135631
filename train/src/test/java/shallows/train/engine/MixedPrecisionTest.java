package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.train.TestImages;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.MixedPrecision;
import shallows.train.options.Optimizer;

class MixedPrecisionTest {
  private static final int COUNT = 6;

  /** A bfloat16 keeps 8 bits of a number: it is off by 1 of 512 at most. */
  private static final double HALF_A_BIT = 1.0 / 512;

  /**
   * Of the length of a gradient. A lost or doubled part of one is a third of it at least; rounding
   * alone came to 0.14 where a sum of large values is small.
   */
  private static final double OF_ROUNDING = 0.3;

  @Test
  void roundsToTheNearestAndLetsTheGradientPass() {
    try (NDManager manager = Torch.manager(Compute.cpu(1));
        Workers one = new Workers(1, 1, true)) {
      one.one(() -> assertRounds(manager));
    }
  }

  private static Void assertRounds(NDManager manager) {
    // Exact; a tie to the even neighbour below; a tie to the one above; just above a tie.
    NDArray x = manager.create(new float[] {1.5f, 1 + 1f / 256, 1 + 3f / 256, 1.00391f});
    x.setRequiresGradient(true);
    NDArray rounded = BrainFloats.of(x);
    assertTrue(BrainFloats.isOne(rounded));
    NDArray floats = BrainFloats.floats(rounded);
    assertEquals(DataType.FLOAT32, floats.getDataType());
    assertArrayEquals(new float[] {1.5f, 1, 1 + 1f / 64, 1 + 1f / 128}, floats.toFloatArray());
    NDArray loss = floats.mul(manager.create(new float[] {1, 2, -3, 0.5f})).sum();
    JniUtils.backward((PtNDArray) loss, (PtNDArray) manager.create(1f), false, false);
    assertArrayEquals(new float[] {1, 2, -3, 0.5f}, x.getGradient().toFloatArray());
    return null;
  }

  @TestFactory
  List<DynamicTest> whatIsListedHandsBrainFloatsOnAndAllElseFloats() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Graph graph : OperationCases.all()) {
      Node last = graph.nodes().get(graph.nodes().size() - 1);
      if (!(last.operation() instanceof Operation.Dropout)) {
        tests.add(DynamicTest.dynamicTest(graph.name(), () -> assertType(graph, last)));
      }
    }
    return tests;
  }

  private static void assertType(Graph graph, Node node) {
    try (NDManager manager = Torch.manager(Compute.cpu(1))) {
      NDArray[] inputs =
          node.inputs().stream().map(name -> input(graph, name, manager)).toArray(NDArray[]::new);
      NDArray result = BrainFloats.compute(node, inputs, RunMode.evaluation(FakeQuantization.NONE));
      assertEquals(BrainFloats.computes(node.operation()), BrainFloats.isOne(result));
    }
  }

  private static NDArray input(Graph graph, String name, NDManager manager) {
    boolean parameter = graph.parameters().containsKey(name);
    List<Integer> extents = new ArrayList<>(parameter ? List.of() : List.of(2));
    extents.addAll((parameter ? graph.parameter(name).shape() : graph.shape(name)).dimensions());
    NDArray ones =
        manager.ones(new ai.djl.ndarray.types.Shape(extents.stream().mapToLong(i -> i).toArray()));
    return parameter ? ones : BrainFloats.of(ones);
  }

  @TestFactory
  List<DynamicTest> everyOperationHasTheGradientOfFloatsButForRounding() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Graph single : OperationCases.all()) {
      // Of two inputs that are rounded to the same the one that has the gradient may be another.
      if (single.nodes().stream().anyMatch(n -> n.operation() instanceof Operation.MaxPool)) {
        continue;
      }
      Graph graph = GradientTest.between(single);
      tests.add(DynamicTest.dynamicTest(graph.name(), () -> assertNear(graph, OF_ROUNDING)));
    }
    return tests;
  }

  @Test
  void aWholeNetworkHasTheGradientOfFloatsButForRounding() {
    assertNotEquals(0, assertNear(TestGraphs.shaken(TestImages.network(1), 2), OF_ROUNDING));
  }

  @Test
  void noBitDependsOnTheNumberOfThreads() {
    Graph graph = TestImages.network(1);
    Map<String, Tensor> one = afterSteps(graph, 0.1, 1);
    afterSteps(graph, 0.1, 2)
        .forEach((name, value) -> assertArrayEquals(one.get(name).values(), value.values(), name));
  }

  @Test
  void weightsAreKeptAsFloats() {
    Graph graph = TestImages.network(1);
    String weight =
        BrainFloats.weights(graph).stream().filter(n -> n.endsWith("weight")).findFirst().get();
    float[] before = graph.parameter(weight).values();
    float[] after = afterSteps(graph, 1e-5, 1).get(weight).values();
    boolean moved = false;
    for (int i = 0; i < before.length; i++) {
      double change = Math.abs(after[i] - before[i]);
      // Less than a bfloat16 of this size could change by, so it would have stayed as it was.
      moved |= change > 0 && change < HALF_A_BIT * Math.abs(before[i]);
    }
    assertTrue(moved);
  }

  @Test
  void whatIsRoundedToLevelsIsComputedInFloats() {
    FakeQuantization some =
        new FakeQuantization(Map.of("x", new FakeQuantization.Levels(0.1f, 0, 255)), Map.of());
    assertFalse(Numbers.of(some, MixedPrecision.BF16).isMixed());
    assertTrue(Numbers.of(FakeQuantization.NONE, MixedPrecision.BF16).isMixed());
  }

  /**
   * @return how far they are apart: 0 if nothing was computed in fewer bits
   */
  private static double assertNear(Graph graph, double tolerance) {
    Map<String, Tensor> expected = gradient(graph, MixedPrecision.NONE);
    Map<String, Tensor> found = gradient(graph, MixedPrecision.BF16);
    double largest =
        expected.values().stream().mapToDouble(g -> length(g.values())).max().getAsDouble();
    double different = 0;
    for (Map.Entry<String, Tensor> entry : expected.entrySet()) {
      float[] floats = entry.getValue().values();
      float[] errors = found.get(entry.getKey()).values().clone();
      for (int i = 0; i < floats.length; i++) {
        errors[i] -= floats[i];
      }
      double error = length(errors);
      // A gradient that is as good as nothing beside the others is noise in both.
      assertTrue(
          error <= tolerance * length(floats) + 0.02 * largest,
          entry.getKey() + " is off by " + error + " of " + length(floats));
      different += error;
    }
    return different;
  }

  private static double length(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static Map<String, Tensor> gradient(Graph graph, MixedPrecision mixed) {
    try (TorchTraining training =
        new TorchTraining(graph, Batching.whole(COUNT).withMixedPrecision(mixed), Compute.cpu(1))) {
      return training.gradient(input(graph));
    }
  }

  private static Map<String, Tensor> afterSteps(Graph graph, double rate, int threads) {
    try (TorchTraining training =
        new TorchTraining(
            graph,
            new Batching(
                COUNT, COUNT / 2, shallows.train.options.Balance.NONE, MixedPrecision.BF16),
            Compute.cpu(threads))) {
      for (int step = 0; step < 2; step++) {
        training.step(input(graph), new StepRates(rate, Optimizer.of(0.9, 0)));
      }
      return TrainedTensors.parameters(training);
    }
  }

  private static StepInput input(Graph graph) {
    return new StepInput(
        Batches.channelsLast(Batches.normal(graph, COUNT, 5)),
        Batches.targets(graph, COUNT, 6),
        COUNT,
        Gates.SCALED,
        0);
  }
}
