package shallows.train.evidence;

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
import shallows.model.json.JsonEdits;
import shallows.model.json.JsonFormat;
import shallows.train.TestImages;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

class SurvivalStatisticsTest {
  private static final SurvivalStatistics STATISTICS =
      new SurvivalStatistics(
          10,
          List.of(
              block("a", 1f, 10, 0, null, null, 0.5),
              block("b", 0.9f, 9, 1, 0.25, 0.125, 0.3),
              block("c", 0.5f, 4, 6, -0.5, 0.125, -0.1),
              block("d", 0.5f, 5, 5, 0.125, 0.125, 0.4)));

  @TempDir Path folder;

  /** Leave-one-out with an error, and none of the other scores. */
  private static BlockStatistics block(
      String name, float survival, int on, int off, Double effect, Double error, double without) {
    return new BlockStatistics(
        name, survival, on, off, effect, error, without, 0.0625, null, null, null, null);
  }

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
              "leaveOneOut": 0.5,
              "leaveOneOutError": 0.0625,
              "taylor": null,
              "secondOrder": null,
              "l1": null,
              "gamma": null
            },
            {
              "name": "b",
              "survival": 0.9,
              "on": 9,
              "off": 1,
              "effect": 0.25,
              "standardError": 0.125,
              "leaveOneOut": 0.3,
              "leaveOneOutError": 0.0625,
              "taylor": null,
              "secondOrder": null,
              "l1": null,
              "gamma": null
            }
          ],
          "history": []
        }
        """,
        Files.readString(file));
  }

  @Test
  void correlatesTheRanksOfTheBlocksThatHaveBoth() {
    // Effects rank b, d, c and leave-one-out d, b, c: 1 − 6·(1 + 1 + 0) / (3·8).
    assertEquals(0.5, Evidence.EFFECT.rankCorrelation(STATISTICS).orElseThrow(), 1e-12);
    assertTrue(
        Evidence.EFFECT
            .rankCorrelation(new SurvivalStatistics(10, STATISTICS.blocks().subList(0, 3)))
            .isEmpty());
    // Depth ranks a, b, c, d and leave-one-out a, d, b, c: 1 − 6·(0 + 1 + 1 + 4) / (4·15).
    assertEquals(0.4, Evidence.DEPTH.rankCorrelation(STATISTICS).orElseThrow(), 1e-12);
    assertTrue(Evidence.TAYLOR.rankCorrelation(STATISTICS).isEmpty());
  }

  @Test
  void countsTheStepsOfEachBlock() {
    Graph graph = TestImages.network(1);
    StepLog log = new StepLog(graph.blocks().stream().map(block -> block.name()).toList());
    log.append(new boolean[] {true, true, true, false, false, false}, 1, Float.NaN);
    log.append(new boolean[] {true, false, true, true, false, false}, 1, Float.NaN);
    SurvivalStatistics statistics =
        SurvivalStatistics.of(
            graph,
            log,
            Map.of("stage2/block01", new LeaveOneOut.Difference(0.75, 0.125)),
            Map.of("stage2/block01", new BlockScores.Score(0.5, 0.375, 0.25, 1.0)));
    BlockStatistics third = statistics.blocks().get(2);
    assertEquals(
        new BlockStatistics(
            "stage2/block01", 0.75f, 2, 0, null, null, 0.75, 0.125, 0.5, 0.375, 0.25, 1.0),
        third);
    assertEquals(2, statistics.blocks().get(5).off());
  }

  @Test
  void readsAFileThatHasNoOtherScores() throws IOException {
    Path file = folder.resolve("survival.json");
    Files.writeString(
        file,
        "{\"steps\": 3, \"blocks\": [{\"name\": \"a\", \"survival\": 1, \"on\": 3, \"off\": 0,"
            + " \"leaveOneOut\": 0.5}], \"history\": []}");
    SurvivalStatistics read = SurvivalStatistics.read(file);
    assertEquals(0.5, read.blocks().get(0).leaveOneOut());
    assertTrue(read.attainableCorrelation().isEmpty());
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
    for (String ofAProgrammer : List.of("java.", "http", "Exception")) {
      assertFalse(
          e.getMessage().replace(file.toString(), "").contains(ofAProgrammer), e.getMessage());
    }
  }

  @Test
  void saysWhatToDoAboutAFolderInThePlaceOfTheFile() {
    BadInputException e =
        assertThrows(BadInputException.class, () -> SurvivalStatistics.read(folder));
    assertTrue(e.getMessage().contains("move it away, then train"), e.getMessage());
  }

  @Test
  void aThousandEditsGiveAValueOrOneLine() {
    JsonFormat<SurvivalStatistics> format =
        new JsonFormat<>(SurvivalStatistics.class, "survival statistics", "train again");
    JsonEdits.assertValueOrOneLine(
        format,
        format.text(STATISTICS.withHistory(List.of(new SurvivalUpdate(2, List.of(0.5f, 0.25f))))));
  }

  @Test
  void saysWhenThereIsNoFile() {
    BadInputException e =
        assertThrows(
            BadInputException.class, () -> SurvivalStatistics.read(folder.resolve("none.json")));
    assertTrue(e.getMessage().contains("train first"), e.getMessage());
  }
}
