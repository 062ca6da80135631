package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.model.graph.TestGraphs;
import shallows.model.interpreter.Interpreter;

class PlanApplicationTest {
  private final Graph graph = TestGraphs.twoBlocks();
  private final Tensor images = TestGraphs.input(graph, 2);

  @Test
  void changesNothingWhenEverythingIsKept() {
    Graph kept =
        PlanApplication.apply(graph, Map.of("block1", Decision.KEEP, "block2", Decision.KEEP));
    assertEquals(graph.nodes(), kept.nodes());
    assertArrayEquals(
        Interpreter.run(graph, images).values(), Interpreter.run(kept, images).values());
  }

  @Test
  void dropsOneBlockAndBinarizesAnother() {
    Graph planned =
        PlanApplication.apply(graph, Map.of("block1", Decision.DROP, "block2", Decision.BINARIZE));
    assertEquals(1, planned.blocks().size());
    assertEquals(Precision.BINARY, planned.precision(planned.blocks().get(0)));
    assertEquals(graph.parameter("block2/conv/weight"), planned.parameter("block2/conv/weight"));
  }

  @Test
  void refusesBlocksThatTheNetworkDoesNotHave() {
    String message =
        assertThrows(
                BadInputException.class,
                () -> PlanApplication.apply(graph, Map.of("stem", Decision.DROP)))
            .getMessage();
    assertTrue(message.startsWith("the plan decides over [stem], expected blocks of"), message);
  }
}
