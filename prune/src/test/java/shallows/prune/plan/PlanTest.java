package shallows.prune.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;

class PlanTest {
  private static final AccuracyLoss LOSS = new AccuracyLoss(3, 2, 100);
  private static final Reason.Effect EFFECT = new Reason.Effect(0.01, 0.02, 30, 40);

  /** One of each kind. */
  private static final List<Reason> REASONS =
      List.of(
          new Reason.Dropped(1, LOSS, EFFECT),
          new Reason.Refused(2, LOSS, 1, EFFECT),
          new Reason.Binarized(EFFECT),
          new Reason.Confirmed(LOSS),
          new Reason.NotConfirmed(3, 2, true, LOSS, 1),
          new Reason.Otherwise(Decision.BINARIZE, 0.5, 1, 3, 2, 30, LOSS),
          new Reason.Spared(),
          new Reason.Given(true));

  @TempDir Path folder;

  @Test
  void comesBackAsItWasWritten() {
    Plan plan =
        new Plan(
            "resnet-8",
            true,
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
                "1 epoch",
                "pictures held-out"),
            List.of(
                new BlockDecision(
                    "stage1/block01", Decision.DROP, null, 0.9, 0.02, 0.01, 10, 20, REASONS),
                new BlockDecision(
                    "stage1/block02",
                    Decision.NARROW,
                    0.5,
                    1,
                    null,
                    null,
                    1,
                    2,
                    List.of(new Reason.Spared()))),
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
    plan.write(file);
    assertEquals(plan, Plan.read(file));
  }

  @Test
  void ofAPlanThatIsGivenOnlyTheDecisionsCount() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(
        file, "{\"blocks\":[{\"name\":\"b\",\"decision\":\"drop\",\"why\":7}],\"mine\":[]}");
    GivenPlan plan = GivenPlan.read(file);
    assertEquals(Map.of("b", Decision.DROP), plan.decisions());
    assertEquals(List.of(), plan.curve());
  }

  @Test
  void aNarrowBlockHasItsWidth() throws IOException {
    Path file = folder.resolve("mine.json");
    Files.writeString(
        file, "{\"blocks\":[{\"name\":\"b\",\"decision\":\"narrow\",\"width\":0.4}]}");
    assertEquals(Map.of("b", Form.narrow(0.4)), GivenPlan.read(file).forms());
    assertEquals(Map.of("b", 0.4), GivenPlan.read(file).widths());
    Files.writeString(
        file, "{\"blocks\":[{\"name\":\"b\",\"decision\":\"binarize\",\"width\":0.4}]}");
    assertEquals(Map.of("b", new Form(Decision.BINARIZE, 0.4)), GivenPlan.read(file).forms());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|empty or cut short",
        "{|empty or cut short",
        "[1]|expected an object, found a list",
        "{}|$.blocks: expected a value, found none",
        "{\"blocks\":[{\"name\":\"b\",\"decision\":\"shrink\"}]}|keep, binarize, narrow, linear, scale, drop",
        "{\"blocks\":[{\"decision\":\"keep\"}]}|$.blocks[0].name: expected a value, found none",
        "{\"blocks\":[{\"name\":7,\"decision\":\"keep\"}]}|expected a text, found 7",
        "{\"blocks\":[{\"name\":\"b\",\"decision\":\"keep\"},"
            + "{\"name\":\"b\",\"decision\":\"drop\"}]}|different names",
        "{\"blocks\":[{\"name\":\"b\",\"decision\":\"narrow\"}]}|between 0 and 1 of a narrow block",
        "{\"blocks\":[{\"name\":\"b\",\"decision\":\"narrow\",\"width\":1}]}|between 0 and 1",
        "{\"blocks\":[{\"name\":\"b\",\"decision\":\"drop\",\"width\":0.5}]}|none of another",
        "{\"blocks\":[{\"name\":\"b\",\"decision\":\"binarize\",\"width\":1}]}|between 0 and 1",
      })
  void refusesWhatIsNoPlanInOneLine(String content, String found) throws IOException {
    Path file = Files.writeString(folder.resolve("plan.json"), content);
    String message = assertThrows(BadInputException.class, () -> GivenPlan.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains(found), message);
    assertThrows(BadInputException.class, () -> Plan.read(file));
  }

  @Test
  void saysThatTheRunWasNotPruned() {
    Path missing = folder.resolve("none.json");
    String message = assertThrows(BadInputException.class, () -> Plan.read(missing)).getMessage();
    assertTrue(message.contains("prune the run again"), message);
  }
}
