package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.model.network.SurvivalSchedule;
import shallows.train.TestImages;
import shallows.train.engine.Gates;
import shallows.train.options.StochasticDepth;

class SurvivalGatesTest {
  /** Normal quantile: each of the checks below fails by chance once in 15,000 seeds. */
  private static final double FOUR_SIGMA = 4;

  private static final int IMAGES = 50;

  private final Graph graph = TestImages.network(1);

  @Test
  void gatesAreOnAsOftenAsTheirSurvivalSaysAndIndependentOfEachOther() {
    float[] survival = {1f, 0.9f, 0.5f, 0.2f, 0f};
    Random random = new Random(1);
    int steps = 20_000;
    int[] on = new int[survival.length];
    int both = 0;
    for (int step = 0; step < steps; step++) {
      boolean[] gates = SurvivalGates.draw(survival, random);
      for (int b = 0; b < on.length; b++) {
        on[b] += gates[b] ? 1 : 0;
      }
      both += gates[1] && gates[2] ? 1 : 0;
    }
    for (int b = 0; b < on.length; b++) {
      assertShare(survival[b], on[b], steps);
    }
    assertShare(0.45, both, steps);
  }

  @Test
  void eachImageHasGatesOfItsOwn() {
    SurvivalGates gates = new SurvivalGates(graph, StochasticDepth.PER_SAMPLE);
    Random random = new Random(2);
    int last = graph.blocks().size() - 1;
    int batches = 400;
    int kept = 0;
    int neighbours = 0;
    for (int batch = 0; batch < batches; batch++) {
      Gates drawn = gates.draw(random, IMAGES);
      assertEquals(IMAGES, drawn.kept()[last].length);
      for (int i = 0; i < IMAGES; i++) {
        kept += drawn.kept()[last][i] ? 1 : 0;
        neighbours += drawn.kept()[last][i] && drawn.kept()[last][(i + 1) % IMAGES] ? 1 : 0;
      }
    }
    assertShare(0.5, kept, batches * IMAGES);
    assertShare(0.25, neighbours, batches * IMAGES);
  }

  @Test
  void aBlockThatNoImageKeepsDoesNotRun() {
    Gates gates = Gates.perSample(new boolean[][] {{false, false}, {false, true}});
    assertArrayEquals(new boolean[] {false, true}, gates.on());
  }

  @Test
  void withoutStochasticDepthAllRunScaled() {
    SurvivalGates gates = new SurvivalGates(graph, StochasticDepth.NONE);
    Gates drawn = gates.draw(new Random(3), IMAGES);
    assertNull(drawn.on());
    assertEquals(6, gates.ran(drawn).length);
    for (boolean ran : gates.ran(drawn)) {
      assertTrue(ran);
    }
    assertSame(graph, gates.applyTo(graph));
  }

  @Test
  void learnedProbabilitiesBeginWithinTheirBoundsAndStandInTheGraph() {
    Graph first = SurvivalSchedule.parse("learned:0.01").applyTo(graph);
    SurvivalGates gates =
        new SurvivalGates(first, StochasticDepth.of(SurvivalSchedule.parse("learned:0.01")));
    assertEquals(1, gates.updates().size());
    Graph carries = gates.applyTo(graph);
    carries.blocks().forEach(block -> assertEquals(0.8f, carries.survival(block), 1e-6f));
  }

  private static void assertShare(double expected, int count, int draws) {
    double deviation = Math.sqrt(expected * (1 - expected) / draws);
    assertEquals(expected, (double) count / draws, FOUR_SIGMA * deviation + 1e-7);
  }
}
