package shallows.train.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.engine.Randomness;
import shallows.train.options.Compute;

class BatchNormStatisticsTest {
  /** Means of thousands of floats of about 1, added up in different orders. */
  private static final double TOLERANCE = 1e-5;

  private final Graph graph = TestImages.network(1);

  @Test
  void theFirstBatchNormGetsTheMeanOverBatchesOfTheirMeansAndUnbiasedVariances() {
    LabelledImages images = TestImages.of(1000, 3);
    Graph measured = BatchNormStatistics.reestimate(graph, images, Compute.cpu(2));
    int[] order = Randomness.order(1000, 0, 0);
    assertFirst(measured, images.subset(order), 250, false);
  }

  @Test
  void ofSmallBatchesTheVarianceIsThatOfAllImages() {
    int count = 12;
    int pixels = TestImages.SIDE * TestImages.SIDE;
    byte[] grey = new byte[count * pixels];
    for (int i = 0; i < grey.length; i++) {
      // One brighter than the other, each with an edge.
      grey[i] = (byte) (20 * (i / pixels) + (i % TestImages.SIDE < 4 ? 30 : 0));
    }
    LabelledImages images =
        new LabelledImages(
            "greys",
            graph.task().labels(),
            1,
            TestImages.SIDE,
            TestImages.SIDE,
            grey,
            new int[count]);
    Graph measured =
        BatchNormStatistics.reestimateOn(
                graph, List.of(graph), images, 3, Compute.cpu(2), Progress.SILENT)
            .get(0);
    assertFirst(measured, images, 3, true);
  }

  /**
   * @param all whether the variance is that of all images together
   */
  private void assertFirst(Graph measured, LabelledImages images, int batch, boolean all) {
    Node norm =
        graph.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.BatchNorm)
            .findFirst()
            .orElseThrow();
    int batches = images.size() / batch;
    double[] mean = new double[16];
    double[] variance = new double[16];
    double[] sums = new double[16];
    double[] sumsOfSquares = new double[16];
    int values = 0;
    for (int from = 0; from < images.size(); from += batch) {
      int[] some = IntStream.range(from, from + batch).toArray();
      Tensor x = inputOf(norm, images.subset(some));
      int area = x.size() / batch / 16;
      for (int c = 0; c < 16; c++) {
        double sum = 0;
        double squares = 0;
        for (int n = 0; n < batch; n++) {
          for (int i = 0; i < area; i++) {
            double value = x.values()[(n * 16 + c) * area + i];
            sum += value;
            squares += value * value;
          }
        }
        int count = batch * area;
        mean[c] += sum / count / batches;
        variance[c] += (squares - sum * sum / count) / (count - 1) / batches;
        sums[c] += sum;
        sumsOfSquares[c] += squares;
      }
      values += batch * area;
    }
    for (int c = 0; c < 16; c++) {
      double ofAll = (sumsOfSquares[c] - sums[c] * sums[c] / values) / (values - 1);
      assertEquals(mean[c], measured.parameter(norm.inputs().get(3)).values()[c], TOLERANCE);
      assertEquals(
          all ? ofAll : variance[c],
          measured.parameter(norm.inputs().get(4)).values()[c],
          TOLERANCE);
    }
  }

  @Test
  void measuringAgainChangesNoBit() {
    LabelledImages images = TestImages.of(600, 3);
    Graph once = BatchNormStatistics.reestimate(graph, images, Compute.cpu(2));
    Graph twice = BatchNormStatistics.reestimate(once, images, Compute.cpu(2));
    for (Map.Entry<String, Tensor> parameter : once.parameters().entrySet()) {
      assertArrayEquals(
          parameter.getValue().values(), twice.parameter(parameter.getKey()).values());
    }
  }

  private Tensor inputOf(Node norm, LabelledImages images) {
    Normalization normalization = graph.task().normalization();
    Tensor batch =
        new Tensor(
            graph.input().shape().withBatch(images.size()),
            PixelOrder.channelsFirst(
                images.normalized(0, images.size(), normalization),
                images.size(),
                images.channels()));
    return Interpreter.values(graph, batch).get(norm.inputs().get(0));
  }
}
