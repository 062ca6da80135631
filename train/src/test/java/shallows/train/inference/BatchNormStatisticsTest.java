package shallows.train.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.PixelOrder;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Tensor;
import shallows.model.interpreter.Interpreter;
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
    Node norm =
        graph.nodes().stream()
            .filter(node -> node.operation() instanceof Operation.BatchNorm)
            .findFirst()
            .orElseThrow();
    int[] order = Randomness.order(1000, 0, 0);
    double[] mean = new double[16];
    double[] variance = new double[16];
    for (int from = 0; from < 1000; from += 250) {
      Tensor x = inputOf(norm, images.subset(Arrays.copyOfRange(order, from, from + 250)));
      int area = x.size() / 250 / 16;
      for (int c = 0; c < 16; c++) {
        double sum = 0;
        double squares = 0;
        for (int n = 0; n < 250; n++) {
          for (int i = 0; i < area; i++) {
            double value = x.values()[(n * 16 + c) * area + i];
            sum += value;
            squares += value * value;
          }
        }
        int count = 250 * area;
        mean[c] += sum / count / 4;
        variance[c] += (squares - sum * sum / count) / (count - 1) / 4;
      }
    }
    for (int c = 0; c < 16; c++) {
      assertEquals(mean[c], measured.parameter(norm.inputs().get(3)).values()[c], TOLERANCE);
      assertEquals(variance[c], measured.parameter(norm.inputs().get(4)).values()[c], TOLERANCE);
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
