package shallows.prune.plan;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.json.JsonEdits;

class FamilyTest {
  private static final PlanSummary SUMMARY =
      new PlanSummary(
          "any",
          20,
          "bytes of weights",
          9,
          1.5,
          "here",
          0.7,
          0.8,
          0.8,
          new AccuracyLoss(1, 0, 100),
          null,
          "no",
          null);

  private static final Family FAMILY =
      new Family(
          "nano",
          List.of(
              new Family.Member("small", SUMMARY, 3, 2, 1),
              new Family.Member("nano", SUMMARY, 1, 1, 4)));

  @Test
  void aThousandEditsGiveAValueOrOneLine() {
    JsonEdits.assertValueOrOneLine(Family.JSON, Family.JSON.text(FAMILY));
  }

  @Test
  void theChosenOneIsAMemberAndNoNameLeadsOutOfTheFolder() {
    for (String name : List.of("tiny", "../nano", "")) {
      String text = Family.JSON.text(FAMILY);
      for (String spoiled :
          List.of(
              text.replaceFirst("nano", name),
              text.replace("\"name\": \"nano\"", "\"name\": \"" + name + "\""))) {
        String message =
            assertThrows(BadInputException.class, () -> Family.JSON.parse(spoiled, "F"))
                .getMessage();
        assertTrue(message.startsWith("F: $."), message);
      }
    }
  }
}
