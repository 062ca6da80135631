package shallows.train.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/** The statistics of batch norm over several batches, of those of each. */
final class BatchStatistics {
  private BatchStatistics() {}

  /**
   * The means over the batches.
   *
   * @param measured batch by batch, network by network
   * @param network which of them
   * @param graph that it is
   * @param between whether the variance of the means of the batches is added to each variance
   */
  static Map<String, Tensor> mean(
      List<List<Map<String, Tensor>>> measured, int network, Graph graph, boolean between) {
    Map<String, String> added = between ? meanOfVariance(graph) : Map.of();
    Map<String, Tensor> means = new LinkedHashMap<>();
    for (String name : measured.get(0).get(network).keySet()) {
      float[] mean = new float[measured.get(0).get(network).get(name).size()];
      for (int c = 0; c < mean.length; c++) {
        double sum = 0;
        for (List<Map<String, Tensor>> batch : measured) {
          sum += batch.get(network).get(name).values()[c];
        }
        mean[c] = (float) (sum / measured.size() + variance(measured, network, added.get(name), c));
      }
      means.put(name, Tensor.vector(mean));
    }
    return means;
  }

  /** By the name of each variance, that of the mean. */
  private static Map<String, String> meanOfVariance(Graph graph) {
    Map<String, String> means = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        means.put(node.inputs().get(4), node.inputs().get(3));
      }
    }
    return means;
  }

  /** Of a channel's means over the batches; 0 where none are named. */
  private static double variance(
      List<List<Map<String, Tensor>>> measured, int network, String means, int channel) {
    if (means == null) {
      return 0;
    }
    double[] values =
        measured.stream()
            .mapToDouble(batch -> batch.get(network).get(means).values()[channel])
            .toArray();
    double mean = Arrays.stream(values).average().orElse(0);
    return Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElse(0);
  }
}
