package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.TestGraphs;

class PricedBlockTest {
  private final Graph graph = TestGraphs.twoBlocks();
  private final Block block = graph.blocks().get(0);

  @Test
  void pairsTheLossesOfEachImage() {
    MeasuredNetwork before = measurement(1, 2, 3, 4);
    // The same images, each 0.5 worse: the losses vary, their differences do not.
    PricedBlock candidate = candidate(before, measurement(1.5, 2.5, 3.5, 4.5));
    assertEquals(0.5, candidate.lossAbove(), 1e-12);
    assertEquals(0, candidate.standardError(), 1e-12);
  }

  @Test
  void knowsTheErrorOfAMeanDifference() {
    // Differences of 0, 1, 0, 1: s = √(1/3), s/√4 = 0.2887.
    PricedBlock candidate = candidate(measurement(0, 0, 0, 0), measurement(0, 1, 0, 1));
    assertEquals(Math.sqrt(1.0 / 3) / 2, candidate.standardError(), 1e-12);
  }

  @Test
  void countsALossWithinItsErrorAsThatError() {
    double[] noise = new Random(1).doubles(100, -1, 1).toArray();
    PricedBlock gain = candidate(measurement(new double[100]), measurement(noise));
    assertTrue(gain.price(1) >= gain.standardError());
    assertTrue(gain.price(0.5) > gain.price(1));
  }

  private MeasuredNetwork measurement(double... losses) {
    return new MeasuredNetwork(graph, losses, new boolean[losses.length]);
  }

  private PricedBlock candidate(MeasuredNetwork before, MeasuredNetwork without) {
    return PricedBlock.of(block, before, without, new Cost(0, 1, 1));
  }
}
