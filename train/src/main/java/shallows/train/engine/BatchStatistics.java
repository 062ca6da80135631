package shallows.train.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hipparchus.stat.StatUtils;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;

/** The statistics of batch norm over several batches, of those of each. */
final class BatchStatistics {
  private BatchStatistics() {}

  /**
   * The means over the batches of their means and of their unbiased variances.
   *
   * @param measured batch by batch, network by network
   * @param network which of them
   */
  static Map<String, Tensor> mean(List<List<Map<String, Tensor>>> measured, int network) {
    Map<String, Tensor> means = new LinkedHashMap<>();
    for (String name : measured.get(0).get(network).keySet()) {
      float[] mean = new float[measured.get(0).get(network).get(name).size()];
      for (int c = 0; c < mean.length; c++) {
        mean[c] = (float) StatUtils.mean(values(measured, network, name, c));
      }
      means.put(name, Tensor.vector(mean));
    }
    return means;
  }

  /**
   * The same means, but as variance the unbiased one of all images together.
   *
   * @param graph that the network is
   * @param images in each batch
   */
  static Map<String, Tensor> ofAll(
      List<List<Map<String, Tensor>>> measured, int network, Graph graph, int images) {
    Map<String, Tensor> statistics = mean(measured, network);
    for (Node node : graph.nodes()) {
      String variance =
          node.operation() instanceof Operation.BatchNorm ? node.inputs().get(4) : null;
      if (statistics.containsKey(variance)) {
        float[] pooled = new float[statistics.get(variance).size()];
        long values = (long) images * graph.shape(node.name()).size() / pooled.length;
        for (int c = 0; c < pooled.length; c++) {
          pooled[c] =
              pooled(
                  values(measured, network, variance, c),
                  values(measured, network, node.inputs().get(3), c),
                  values);
        }
        statistics.put(variance, Tensor.vector(pooled));
      }
    }
    return statistics;
  }

  /**
   * @param variances unbiased, one a batch; of one value none is known, and it has none
   * @param means likewise
   * @param values in a batch
   */
  private static float pooled(double[] variances, double[] means, long values) {
    double within = values > 1 ? StatUtils.mean(variances) * (values - 1) / values : 0;
    double all = (double) values * means.length;
    return (float) ((within + StatUtils.populationVariance(means)) * all / Math.max(1, all - 1));
  }

  /** Of a channel, batch by batch. */
  private static double[] values(
      List<List<Map<String, Tensor>>> measured, int network, String name, int channel) {
    return measured.stream()
        .mapToDouble(batch -> batch.get(network).get(name).values()[channel])
        .toArray();
  }
}
