package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.model.interpreter.Interpreter;

class RewritesTest {
  private final Graph graph = TestGraphs.twoBlocks();
  private final Tensor images = TestGraphs.input(graph, 2);

  @Test
  void keepsTheShortcutWhenABlockIsDropped() {
    Graph dropped = Rewrites.drop(graph, Set.of("block1"));
    Tensor left = Interpreter.values(dropped, images).get("block1/relu");
    float[] rectified = images.values().clone();
    for (int i = 0; i < rectified.length; i++) {
      rectified[i] = Math.max(rectified[i], 0);
    }
    assertArrayEquals(rectified, left.values());
  }

  @Test
  void takesTheParametersOfADroppedBlockAway() {
    Graph dropped = Rewrites.drop(graph, Set.of("block2"));
    assertTrue(dropped.parameters().keySet().stream().noneMatch(p -> p.startsWith("block2")));
    assertEquals(1, dropped.blocks().size());
    assertFalse(dropped.hasNode("block2/survival"));
  }

  @Test
  void dropsEveryBlockOfANetworkInAnyOrder() {
    Graph dropped = Rewrites.drop(graph, Set.of("block1", "block2"));
    assertTrue(dropped.blocks().isEmpty());
    assertEquals(
        dropped.nodes(),
        Rewrites.drop(Rewrites.drop(graph, Set.of("block2")), Set.of("block1")).nodes());
  }

  @Test
  void changesNoBitWhenTheDroppedBranchIsZero() {
    Graph zero =
        graph.withParameters(
            Map.of(
                "block2/norm/scale", Tensor.vector(0, 0),
                "block2/norm/bias", Tensor.vector(0, 0)));
    assertArrayEquals(
        Interpreter.run(zero, images).values(),
        Interpreter.run(Rewrites.drop(zero, Set.of("block2")), images).values());
  }

  @Test
  void refusesAnUnknownBlockByName() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> Rewrites.drop(graph, Set.of("stem")))
            .getMessage();
    assertEquals("no block 'stem' in two blocks", message);
  }

  @Test
  void projectsBinaryWeightsToTheSameBitsTwice() {
    Tensor weight = graph.parameter("block1/conv/weight");
    Tensor once = BinaryWeights.project(weight);
    assertArrayEquals(once.values(), BinaryWeights.project(once).values());
  }

  @Test
  void findsTheScaleThatApproximatesAFilterBest() {
    Tensor weight = new Tensor(Shape.of(1, 1, 1, 4), new float[] {1, -2, 0, 5});
    assertArrayEquals(new float[] {2, -2, 2, 2}, BinaryWeights.project(weight).values());
  }
}
