package shallows.export.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static shallows.export.pass.PassGraphs.assertSameOutputs;

import org.junit.jupiter.api.Test;
import shallows.export.ShakenNetworks;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.OperationCases;
import shallows.model.graph.Shape;

class ExportPassesTest {
  @Test
  void aResnetKeepsItsOutputsWithoutBatchNormAndScale() {
    Graph graph = ShakenNetworks.create("resnet-20", Shape.of(3, 32, 32));
    Graph folded = ExportPasses.all(graph);
    assertTrue(
        folded.nodes().stream()
            .noneMatch(
                node ->
                    node.operation() instanceof Operation.BatchNorm
                        || node.operation() instanceof Operation.Scale));
    assertEquals(graph.blocks().size(), folded.blocks().size());
    assertEquals(graph.task(), folded.task());
    assertSameOutputs(graph, folded);
  }

  @Test
  void everyOperationKeepsItsOutputs() {
    for (Graph graph : OperationCases.all()) {
      assertSameOutputs(graph, ExportPasses.all(graph));
    }
  }
}
