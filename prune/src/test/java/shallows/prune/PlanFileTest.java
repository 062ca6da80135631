package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;

class PlanFileTest {
  @TempDir Path folder;

  @Test
  void comesBackAsItWasWritten() {
    Plan plan =
        new Plan(
            "resnet-8",
            new PlanSummary(
                "at most 20 bytes of weights",
                20,
                "bytes of weights",
                9,
                null,
                null,
                0.7,
                0.8,
                0.8,
                new AccuracyLoss(3, 3, 100),
                new PlanSummary.Promise(1, 0.8, 2),
                "1 epoch"),
            List.of(
                new BlockDecision(
                    "stage1/block01", Decision.DROP, 0.9, 0.02, 0.01, 10, 20, "number 1 to go"),
                new BlockDecision("stage1/block02", Decision.KEEP, 1, null, null, 1, 2, "stays")),
            List.of(new PlanStep(null, Decision.KEEP, 22, 11, 0.5, 0.8)),
            List.of(
                new LargerNetworks.Entry(
                    "candidates/1", 2, 0, 0, 22, 11, 0.8, new AccuracyLoss(0, 0, 100))),
            List.of(
                new LargerNetworks.Rejected(
                    new LargerNetworks.Entry("", 0, 0, 2, 8, 4, 0.7, new AccuracyLoss(9, 3, 100)),
                    0.6,
                    new AccuracyLoss(20, 3, 100))));
    Path file = folder.resolve("plan.json");
    PlanFile.write(plan, file);
    assertEquals(plan, PlanFile.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|an empty file",
        "{|End of input",
        "[1]|BEGIN_ARRAY",
        "{}|one without a network, blocks or a curve",
        "{\"network\":7|End of input",
        "{\"network\":\"n\",\"blocks\":[{\"name\":\"b\",\"decision\":\"shrink\"}],\"curve\":[]}"
            + "|block 'b' without a decision (keep, binarize or drop); mend it",
        "{\"network\":\"n\",\"blocks\":[{\"decision\":\"keep\"}],\"curve\":[]}|a block without a name",
        "{\"network\":\"n\",\"blocks\":[{\"name\":\"b\",\"decision\":\"keep\",\"macs\":\"many\"}],\"curve\":[]}"
            + "|text where a number belongs",
        "{\"network\":\"n\",\"blocks\":[{\"name\":\"b\",\"decision\":\"keep\"},"
            + "{\"name\":\"b\",\"decision\":\"drop\"}],\"curve\":[]}|block 'b' twice",
      })
  void refusesWhatIsNoPlanInOneLine(String content, String found) throws IOException {
    Path file = Files.writeString(folder.resolve("plan.json"), content);
    String message = assertThrows(BadInputException.class, () -> PlanFile.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(found), message);
  }

  @Test
  void saysThatTheRunWasNotPruned() {
    Path missing = folder.resolve("none.json");
    String message =
        assertThrows(BadInputException.class, () -> PlanFile.read(missing)).getMessage();
    assertTrue(message.contains("prune the run first"), message);
  }
}
