package shallows.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.TestGraphs;

class SurvivalScheduleTest {
  @Test
  void decaysLinearlyToTheLastBlock() {
    SurvivalSchedule schedule = SurvivalSchedule.parse("linear:0.5");
    // Huang et al. 2016: p_l = 1 - l/L (1 - p_L), so p_1 of 54 blocks is just below one.
    assertEquals(1 - 0.5 / 54, schedule.probability(1, 54), 1e-12);
    assertEquals(0.5, schedule.probability(54, 54), 1e-12);
  }

  @Test
  void keepsAllBlocksAlikeWhenUniform() {
    assertEquals(0.8, SurvivalSchedule.parse("uniform:0.8").probability(1, 9));
    assertEquals(1, SurvivalSchedule.parse("none").probability(9, 9));
  }

  @Test
  void setsTheFactorAtTheEndOfEachBranch() {
    Graph graph = SurvivalSchedule.parse("linear:0.5").applyTo(TestGraphs.twoBlocks());
    assertEquals(0.75f, graph.survival(graph.blocks().get(0)));
    assertEquals(0.5f, graph.survival(graph.blocks().get(1)));
  }

  @Test
  void spacesPerSampleRatesAsTimmDoes() {
    SurvivalSchedule schedule = SurvivalSchedule.parse("per-sample:0.7");
    // torch.linspace(0, 0.3, 4): drop rates 0, 0.1, 0.2, 0.3.
    for (int block = 1; block <= 4; block++) {
      assertEquals(1 - 0.1 * (block - 1), schedule.probability(block, 4), 1e-12);
    }
    assertEquals(0.7, schedule.probability(1, 1), 1e-12);
  }

  @Test
  void learnedProbabilitiesAllBeginAlike() {
    SurvivalSchedule schedule = SurvivalSchedule.parse("learned:0.01");
    assertEquals(0.8, schedule.probability(1, 9));
    assertEquals(0.8, schedule.probability(9, 9));
    assertEquals(new BlockPrice(0.01, BlockPrice.Resource.MACS), schedule.price());
    assertEquals(
        new BlockPrice(2e-3, BlockPrice.Resource.BYTES),
        SurvivalSchedule.parse("learned:2e-3:bytes").price());
  }

  @Test
  void anAverageBlockCostsLambda() {
    Graph graph = Networks.create("resnet-14", Shape.of(3, 16, 16), Task.unnamed(10, 3), 1);
    for (BlockPrice.Resource resource : BlockPrice.Resource.values()) {
      double[] prices = new BlockPrice(0.02, resource).of(graph);
      assertEquals(0.02, Arrays.stream(prices).average().orElseThrow(), 1e-12);
    }
    // The last stage has four times the weights of the one before, and an eighth more MACs at most.
    double[] bytes = new BlockPrice(1, BlockPrice.Resource.BYTES).of(graph);
    double[] macs = new BlockPrice(1, BlockPrice.Resource.MACS).of(graph);
    assertEquals(4, bytes[5] / bytes[3], 0.1);
    assertEquals(1, macs[5] / macs[3], 0.1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "linear",
        "linear:",
        "linear:0",
        "linear:1.2",
        "cosine:0.5",
        "linear:.",
        "",
        "per-sample:0",
        "learned",
        "learned:-1",
        "learned:1e999",
        "learned:0.01:ms"
      })
  void refusesWhatItDoesNotUnderstand(String text) {
    assertThrows(BadInputException.class, () -> SurvivalSchedule.parse(text));
  }
}
