package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import shallows.model.graph.Graph;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;
import shallows.train.TestImages;
import shallows.train.options.Compute;

class GraphRunnerTest {
  /**
   * Of the largest value. Both sides add up a few hundred products in float or better, in different
   * orders: each sum is off by some units of 6e-8.
   */
  private static final double OPERATION_TOLERANCE = 2e-6;

  /** The same through a network of 30 layers. */
  private static final double NETWORK_TOLERANCE = 2e-5;

  @TestFactory
  List<DynamicTest> everyOperationGivesWhatTheInterpreterGives() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Graph graph : OperationCases.all()) {
      for (int batch : OperationCases.BATCHES) {
        tests.add(
            DynamicTest.dynamicTest(
                graph.name() + ", batch " + batch,
                () ->
                    assertGivesWhatTheInterpreterGives(
                        graph, OperationCases.input(graph, batch), OPERATION_TOLERANCE)));
      }
    }
    return tests;
  }

  @Test
  void aWholeNetworkGivesWhatTheInterpreterGives() {
    Graph graph = TestGraphs.shaken(TestImages.network(1), 2);
    assertGivesWhatTheInterpreterGives(graph, Batches.normal(graph, 5, 2), NETWORK_TOLERANCE);
  }

  @Test
  void asksTheSameTwiceAndGetsTheSame() {
    Graph graph = TestImages.network(1);
    float[] pixels = Batches.channelsLast(Batches.normal(graph, 7, 3));
    try (TorchEvaluation evaluation = new TorchEvaluation(graph, Compute.cpu(2))) {
      assertArrayEquals(evaluation.logits(pixels, 7), evaluation.logits(pixels, 7));
    }
  }

  private static void assertGivesWhatTheInterpreterGives(
      Graph graph, Tensor input, double tolerance) {
    int batch = input.shape().dimension(0);
    float[] expected = Interpreter.run(graph, input).values();
    try (TorchEvaluation evaluation = new TorchEvaluation(graph, Compute.cpu(2))) {
      float[][] found = evaluation.logits(Batches.channelsLast(input), batch);
      assertEquals(batch, found.length);
      float largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      int size = expected.length / batch;
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i / size][i % size], tolerance * largest, "value " + i);
      }
    }
  }
}
