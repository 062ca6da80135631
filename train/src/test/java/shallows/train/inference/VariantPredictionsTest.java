package shallows.train.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Node;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Rewrites;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.options.Compute;

/** Asked together or each alone, networks answer the same, bit for bit. */
class VariantPredictionsTest {
  private static final Compute COMPUTE = Compute.cpu(2);

  private final Graph graph = TestImages.network(1);
  private final LabelledImages train = TestImages.of(520, 3);
  private final LabelledImages heldOut = TestImages.of(150, 4);

  @Test
  void networksThatLackOneBlock() {
    assertSame(graph.blocks().stream().map(block -> without(block.name())).toList());
  }

  @Test
  void theTrunkItself() {
    assertSame(List.of(graph));
  }

  @Test
  void aNetworkThatLacksSeveralBlocks() {
    List<String> names = graph.blocks().stream().map(Block::name).toList();
    assertSame(
        List.of(
            Rewrites.drop(graph, Set.copyOf(names)),
            Rewrites.drop(graph, Set.of(names.get(1), names.get(4)))));
  }

  @Test
  void aBlockWithBinaryWeights() {
    Map<String, Operation> binary = new HashMap<>();
    for (Node node : graph.branch(graph.blocks().get(3))) {
      if (node.operation() instanceof Operation.Conv2d conv) {
        binary.put(node.name(), conv.withPrecision(Precision.BINARY));
      }
    }
    assertSame(List.of(Rewrites.withOperations(graph, binary)));
  }

  @Test
  void otherWeightsInTheMiddle() {
    Node norm = graph.branch(graph.blocks().get(2)).get(1);
    Tensor scale = graph.parameter(norm.inputs().get(1));
    Tensor twice = Tensor.vector(scale.values().clone());
    twice.values()[0] *= 2;
    assertSame(List.of(graph.withParameters(Map.of(norm.inputs().get(1), twice))));
  }

  private Graph without(String block) {
    return Rewrites.drop(graph, Set.of(block));
  }

  private void assertSame(List<Graph> graphs) {
    List<Graph> together =
        BatchNormStatistics.reestimate(graph, graphs, train, COMPUTE, Progress.SILENT);
    List<Graph> alone = new ArrayList<>();
    for (Graph each : graphs) {
      alone.add(BatchNormStatistics.reestimate(each, train, COMPUTE));
    }
    for (int g = 0; g < graphs.size(); g++) {
      for (String name : alone.get(g).parameters().keySet()) {
        assertArrayEquals(
            alone.get(g).parameter(name).values(), together.get(g).parameter(name).values(), name);
      }
    }
    Graph trunk = BatchNormStatistics.reestimate(graph, train, COMPUTE);
    List<Predictions> answers =
        VariantPredictions.of(trunk, together, heldOut, COMPUTE, Progress.SILENT);
    assertEquals(graphs.size(), answers.size());
    for (int g = 0; g < graphs.size(); g++) {
      Predictions expected =
          VariantPredictions.of(
                  alone.get(g), List.of(alone.get(g)), heldOut, COMPUTE, Progress.SILENT)
              .get(0);
      assertArrayEquals(expected.scores(), answers.get(g).scores());
    }
  }
}
