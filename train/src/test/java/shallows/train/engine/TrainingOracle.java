package shallows.train.engine;

import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;

/**
 * The reference interpreter in training: batch norm normalizes with the statistics of the batch.
 */
final class TrainingOracle {
  private TrainingOracle() {}

  /** Logits, row after row. */
  static float[] logits(Graph graph, Tensor batch) {
    return Interpreter.run(withBatchStatistics(graph, batch), batch).values();
  }

  /**
   * The graph with the mean and the biased variance of this batch in every batch norm, found one
   * after the other, since each depends on those before it.
   */
  static Graph withBatchStatistics(Graph graph, Tensor batch) {
    Graph measured = graph;
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        List<String> inputs = node.inputs();
        Tensor x =
            inputs.get(0).equals(graph.input().name())
                ? batch
                : Interpreter.values(measured, batch).get(inputs.get(0));
        measured =
            measured.withParameters(
                Map.of(inputs.get(3), mean(x), inputs.get(4), variance(x, mean(x))));
      }
    }
    return measured;
  }

  static Tensor mean(Tensor x) {
    return perChannel(x, Tensor.vector(new float[x.shape().dimension(1)]), 1);
  }

  static Tensor variance(Tensor x, Tensor mean) {
    return perChannel(x, mean, 2);
  }

  /** The mean of (x − centre)^power over batch and pixels. */
  private static Tensor perChannel(Tensor x, Tensor centre, int power) {
    Shape shape = x.shape();
    int channels = shape.dimension(1);
    int area = shape.dimension(2) * shape.dimension(3);
    double[] sums = new double[channels];
    for (int i = 0; i < x.size(); i++) {
      int c = i / area % channels;
      sums[c] += Math.pow(x.values()[i] - (double) centre.values()[c], power);
    }
    float[] means = new float[channels];
    for (int c = 0; c < channels; c++) {
      means[c] = (float) (sums[c] / ((double) shape.dimension(0) * area));
    }
    return Tensor.vector(means);
  }
}
