package shallows.train.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.train.TestImages;
import shallows.train.statistics.SurvivalStatistics.BlockStatistics;

class SurvivalStatisticsTest {
  private static final SurvivalStatistics STATISTICS =
      new SurvivalStatistics(
          10,
          List.of(
              new BlockStatistics("a", 1f, 10, 0, null, null, 0.5),
              new BlockStatistics("b", 0.9f, 9, 1, 0.25, 0.125, 0.3),
              new BlockStatistics("c", 0.5f, 4, 6, -0.5, 0.125, -0.1),
              new BlockStatistics("d", 0.5f, 5, 5, 0.125, 0.125, 0.4)));

  @TempDir Path folder;

  @Test
  void readsBackWhatItWrote() {
    Path file = folder.resolve("survival.json");
    STATISTICS.write(file);
    assertEquals(STATISTICS, SurvivalStatistics.read(file));
  }

  @Test
  void writesTheFieldsOfTheContract() throws IOException {
    Path file = folder.resolve("survival.json");
    new SurvivalStatistics(10, STATISTICS.blocks().subList(0, 2)).write(file);
    assertEquals(
        """
        {
          "steps": 10,
          "blocks": [
            {
              "name": "a",
              "survival": 1.0,
              "on": 10,
              "off": 0,
              "effect": null,
              "standardError": null,
              "leaveOneOut": 0.5
            },
            {
              "name": "b",
              "survival": 0.9,
              "on": 9,
              "off": 1,
              "effect": 0.25,
              "standardError": 0.125,
              "leaveOneOut": 0.3
            }
          ]
        }
        """,
        Files.readString(file));
  }

  @Test
  void correlatesTheRanksOfTheBlocksThatHaveBoth() {
    // Effects rank b, d, c and leave-one-out d, b, c: 1 − 6·(1 + 1 + 0) / (3·8).
    assertEquals(0.5, STATISTICS.rankCorrelation().orElseThrow(), 1e-12);
    assertTrue(
        new SurvivalStatistics(10, STATISTICS.blocks().subList(0, 3)).rankCorrelation().isEmpty());
  }

  @Test
  void countsTheStepsOfEachBlock() {
    Graph graph = TestImages.network(1);
    StepLog log = new StepLog(graph.blocks().stream().map(block -> block.name()).toList());
    log.append(new boolean[] {true, true, true, false, false, false}, 1, Float.NaN);
    log.append(new boolean[] {true, false, true, true, false, false}, 1, Float.NaN);
    SurvivalStatistics statistics =
        SurvivalStatistics.of(graph, log, Map.of("stage2/block01", 0.75));
    BlockStatistics third = statistics.blocks().get(2);
    assertEquals(new BlockStatistics("stage2/block01", 0.75f, 2, 0, null, null, 0.75), third);
    assertEquals(2, statistics.blocks().get(5).off());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "null",
        "{\"steps\": 3}",
        "{\"steps\": 3, \"blocks\": [{\"name\": \"a\"}]}",
        "{\"steps\": 3, \"blocks\": [null]}",
        "{\"steps\": \"x\", \"blocks\": []}",
        "{\"steps\": 3, \"blocks\": [{\"survival\": 1, \"on\": 3, \"off\": 0}]}",
        "{\"steps\": 3, \"blocks\": [{\"name\": \"a\", \"survival\": 7, \"on\": 3, \"off\": 0}]}"
      })
  void refusesADamagedFileByName(String text) throws IOException {
    Path file = folder.resolve("survival.json");
    Files.writeString(file, text);
    BadInputException e =
        assertThrows(BadInputException.class, () -> SurvivalStatistics.read(file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    for (String ofAProgrammer : List.of("java.", "http", "Exception", "$")) {
      assertFalse(
          e.getMessage().replace(file.toString(), "").contains(ofAProgrammer), e.getMessage());
    }
  }

  @Test
  void saysWhatToDoAboutAFolderInThePlaceOfTheFile() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> SurvivalStatistics.read(folder));
    assertTrue(e.getMessage().contains("move it away and train again"), e.getMessage());
  }

  @Test
  void saysWhenThereIsNoFile() {
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> SurvivalStatistics.read(folder.resolve("none.json")));
    assertTrue(e.getMessage().contains("train first"), e.getMessage());
  }
}
