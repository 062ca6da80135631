package shallows.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
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

  @ParameterizedTest
  @ValueSource(
      strings = {"linear", "linear:", "linear:0", "linear:1.2", "cosine:0.5", "linear:.", ""})
  void refusesWhatItDoesNotUnderstand(String text) {
    assertThrows(BadInputException.class, () -> SurvivalSchedule.parse(text));
  }
}
