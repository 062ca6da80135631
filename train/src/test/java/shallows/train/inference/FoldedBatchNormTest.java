package shallows.train.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.options.Compute;

class FoldedBatchNormTest {
  private static final Compute COMPUTE = Compute.cpu(2);

  /** Of the range: folding and unfolding each round every weight once. */
  private static final double ROUNDING = 1e-5;

  /** Of the range: the statistics of some 10,000 values, and what rounding makes of a ReLU. */
  private static final double STATISTICS = 2e-3;

  /** One batch, so that the statistics over batches are those of the set. */
  private final LabelledImages images = TestImages.of(240, 5);

  /** Weights as of a training: γ and β differ from channel to channel. */
  private final Graph graph =
      BatchNormStatistics.reestimate(shaken(TestImages.network(1)), images, COMPUTE);

  private final Graph folded = folded(graph);

  @Test
  void theNetworkAnswersAsBefore() {
    Graph restored = FoldedBatchNorm.restore(folded, images, COMPUTE, Progress.SILENT);

    assertEquals(0, count(folded));
    assertEquals(count(graph), count(restored));
    assertClose(answers(folded), answers(restored), ROUNDING);
  }

  @Test
  void weightsGetTheLengthThatATrainingBeginsWith() {
    Graph restored = FoldedBatchNorm.restore(folded, images, COMPUTE, Progress.SILENT);
    for (Node node : restored.nodes()) {
      if (node.operation() instanceof Operation.Conv2d) {
        Tensor weight = restored.parameter(node.inputs().get(1));
        int each = weight.size() / weight.shape().dimension(0);
        double square = 0;
        for (int i = 0; i < each; i++) {
          square += weight.values()[i] * weight.values()[i];
        }
        assertEquals(2, square, ROUNDING, node.name());
      }
    }
  }

  @Test
  void aChannelThatIsAsGoodAsDeadStaysSo() {
    Node conv = FoldedBatchNorm.convolutions(folded).get(1);
    String name = conv.inputs().get(1);
    Tensor weight = folded.parameter(name);
    float[] values = weight.values().clone();
    int each = values.length / weight.shape().dimension(0);
    for (int i = 0; i < each; i++) {
      values[i] *= 1e-9f;
    }
    Graph nearlyDead = folded.withParameters(Map.of(name, new Tensor(weight.shape(), values)));
    Graph restored = FoldedBatchNorm.restore(nearlyDead, images, COMPUTE, Progress.SILENT);

    assertClose(answers(nearlyDead), answers(restored), ROUNDING);
    float[] stretched = restored.parameter(name).values();
    for (int i = 0; i < each; i++) {
      assertTrue(Math.abs(stretched[i]) < 1e-5, "weight " + stretched[i]);
    }
  }

  @Test
  void withoutABlockItAnswersAsIfItsBatchNormsHadNeverBeenFolded() {
    Graph restored = FoldedBatchNorm.restore(folded, images, COMPUTE, Progress.SILENT);
    for (Block block : graph.blocks()) {
      Predictions expected = answers(withoutReestimated(graph, block));
      assertClose(expected, answers(withoutReestimated(restored, block)), STATISTICS);
    }
    // What the correction does: as it was folded, the network without a block is another one.
    Block first = graph.blocks().get(0);
    Predictions stale = answers(Rewrites.drop(folded, Set.of(first.name())));
    Predictions expected = answers(withoutReestimated(graph, first));
    assertTrue(expected.maxAbsDifference(stale) > 10 * STATISTICS * expected.range());
  }

  @Test
  void networksWithBatchNormsAndNetworksWithoutBlocksStayAsTheyAre() {
    assertSame(graph, FoldedBatchNorm.restore(graph, images, COMPUTE, Progress.SILENT));
    Graph plain =
        Rewrites.drop(folded, Set.copyOf(folded.blocks().stream().map(Block::name).toList()));
    assertSame(plain, FoldedBatchNorm.restore(plain, images, COMPUTE, Progress.SILENT));
  }

  private Graph withoutReestimated(Graph network, Block block) {
    return BatchNormStatistics.reestimate(
        Rewrites.drop(network, Set.of(block.name())), images, COMPUTE);
  }

  private Predictions answers(Graph network) {
    return VariantPredictions.of(network, List.of(network), images, COMPUTE, Progress.SILENT)
        .get(0);
  }

  private static void assertClose(Predictions expected, Predictions found, double share) {
    double difference = expected.maxAbsDifference(found);
    assertTrue(difference <= share * expected.range(), difference + " of " + expected.range());
  }

  private static long count(Graph network) {
    return network.nodes().stream()
        .filter(node -> node.operation() instanceof Operation.BatchNorm)
        .count();
  }

  private static Graph shaken(Graph network) {
    Random random = new Random(2);
    Map<String, Tensor> changed = new HashMap<>();
    for (Node node : network.nodes()) {
      if (node.operation() instanceof Operation.BatchNorm) {
        for (String name : node.inputs().subList(1, 3)) {
          float[] values = network.parameter(name).values().clone();
          for (int c = 0; c < values.length; c++) {
            values[c] += (float) (0.3 * random.nextGaussian());
          }
          changed.put(name, Tensor.vector(values));
        }
      }
    }
    return network.withParameters(changed);
  }

  /** W·γ/√(σ² + ε) and β − μ·γ/√(σ² + ε), as an exporter folds. */
  private static Graph folded(Graph network) {
    List<Node> nodes = new ArrayList<>();
    Map<String, Tensor> parameters = new LinkedHashMap<>(network.parameters());
    Map<String, String> replaced = new HashMap<>();
    for (Node node : network.nodes()) {
      if (!(node.operation() instanceof Operation.BatchNorm norm)) {
        nodes.add(node);
        continue;
      }
      Node conv = nodes.remove(nodes.size() - 1);
      Tensor weight = network.parameter(conv.inputs().get(1));
      int channels = weight.shape().dimension(0);
      float[] scaled = weight.values().clone();
      float[] bias = new float[channels];
      for (int c = 0; c < channels; c++) {
        double factor =
            at(network, node, 1, c) / Math.sqrt(at(network, node, 4, c) + (double) norm.epsilon());
        for (int i = 0; i < scaled.length / channels; i++) {
          scaled[c * (scaled.length / channels) + i] *= (float) factor;
        }
        bias[c] = (float) (at(network, node, 2, c) - at(network, node, 3, c) * factor);
      }
      parameters.put(conv.inputs().get(1), new Tensor(weight.shape(), scaled));
      parameters.put(conv.name() + "/bias", Tensor.vector(bias));
      replaced.put(node.name(), conv.name());
      nodes.add(
          conv.withInputs(
              List.of(conv.inputs().get(0), conv.inputs().get(1), conv.name() + "/bias")));
    }
    return Rewrites.replace(network, nodes, parameters, replaced);
  }

  private static double at(Graph network, Node norm, int input, int channel) {
    return network.parameter(norm.inputs().get(input)).values()[channel];
  }
}
