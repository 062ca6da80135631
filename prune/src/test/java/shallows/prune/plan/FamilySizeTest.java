package shallows.prune.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;

class FamilySizeTest {
  @Test
  void knowsTheUsualNamesAndTakesSizesForOthers() {
    assertEquals(
        List.of(
            new FamilySize("nano", new Limit(10, true)),
            new FamilySize("base", new Limit(80, true)),
            new FamilySize("tiny", new Limit(60_000, false))),
        FamilySize.parse("nano, base=80%,tiny=60KB"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nano,nano",
        "huge",
        "nano=",
        "Nano",
        "full=10%",
        "pruned=10%",
        "candidates=10%",
        "binary-fast=10%",
        "int8-weights=10%",
        "int4-weights=10%",
        "fp16=10%",
        "nano=-3%",
        "a/b=1%"
      })
  void refusesTheRestInOneLine(String text) {
    String message =
        assertThrows(BadInputException.class, () -> FamilySize.parse(text)).getMessage();
    assertTrue(message.startsWith("family"), message);
    assertTrue(message.contains("expected"), message);
  }
}
