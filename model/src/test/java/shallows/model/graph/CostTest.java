package shallows.model.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CostTest {
  private final Graph graph = TestGraphs.twoBlocks();

  @Test
  void countsABlockAsWhatDroppingItSaves() {
    // A 3x3 convolution from 2 to 2 channels at 5x5 positions, and γ, β, mean and variance of 2.
    assertEquals(new Cost(36 + 4, 36 * 25, 4 * (36 + 8)), Cost.of(graph, graph.blocks().get(0)));
  }

  @Test
  void countsTheClassifierOnce() {
    assertEquals(2 * 40 + 9, Cost.of(graph).parameters());
    assertEquals(2 * 900 + 6, Cost.of(graph).macs());
  }

  @Test
  void countsABitForEachBinaryWeight() {
    Graph binary =
        Rewrites.withOperations(
            graph,
            Map.of("block1/conv", Operation.Conv2d.of(1, 1).withPrecision(Precision.BINARY)));
    // 36 bits are 5 bytes; two channels have an α of 4 bytes each.
    assertEquals(5 + 2 * 4 + 4 * 8, Cost.of(binary, binary.blocks().get(0)).bytes());
    assertEquals(Precision.BINARY, binary.precision(binary.blocks().get(0)));
    assertEquals(Precision.FLOAT, binary.precision(binary.blocks().get(1)));
  }
}
