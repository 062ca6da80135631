package shallows.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import shallows.data.PixelOrder;
import shallows.data.evaluation.Classifier;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/** Compares what runs a graph with the interpreter. */
public final class Agreement {
  /**
   * Of the range of the outputs. Runtimes sum in another order than the interpreter, with fused
   * multiplication and addition; over the few hundred terms of these sums that is some 1e-7 of the
   * largest term. Ten times that is kept free for cancellation.
   */
  public static final double FP32_TOLERANCE = 1e-5;

  private Agreement() {}

  public static void assertAgrees(Graph graph, Tensor batch, Classifier classifier) {
    double difference = relativeDifference(graph, batch, classifier);
    assertTrue(
        difference <= FP32_TOLERANCE,
        () -> graph.name() + ": differs by " + difference + " of the range of the outputs");
  }

  /**
   * The largest difference, divided by the range of the interpreter's outputs (or their size, if
   * larger).
   */
  public static double relativeDifference(Graph graph, Tensor batch, Classifier classifier) {
    float[] expected = Interpreter.run(graph, batch).values();
    int count = batch.shape().dimension(0);
    float[][] found =
        classifier.logits(
            PixelOrder.channelsLast(batch.values(), count, batch.shape().dimension(1)), count);
    int classes = expected.length / count;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      least = Math.min(least, expected[i]);
      most = Math.max(most, expected[i]);
      // Math.max hands a NaN on, which then fails every comparison.
      difference = Math.max(difference, Math.abs(expected[i] - found[i / classes][i % classes]));
    }
    // A single output has no range; its size stands in.
    return difference / Math.max(most - least, Math.max(Math.abs(most), Math.abs(least)));
  }
}
