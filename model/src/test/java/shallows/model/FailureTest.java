package shallows.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FailureTest {
  @Test
  void theMessageIsMadeOfThePieces() {
    BadInputException thrown =
        new BadInputException(
            Setting.MAX_DROP,
            "0 to 100 points",
            101,
            Phrase.of("lower %s, or give %s=%s", Setting.MAX_DROP, Setting.FINE_TUNE_EPOCHS, 3));
    assertEquals(
        "maxDrop: expected 0 to 100 points, found 101; lower maxDrop, or give fineTuneEpochs=3",
        thrown.getMessage());
    assertEquals(
        "<MAX_DROP>: expected 0 to 100 points, found 101; lower <MAX_DROP>, or give"
            + " <FINE_TUNE_EPOCHS>=3",
        thrown.failure().words(setting -> "<" + setting.name() + ">"));
  }

  @Test
  void whatIsNotThereIsNotSaid() {
    assertEquals(
        "a.onnx: cannot be read (a b); mend it",
        BadInputException.of("a.onnx", "cannot be read (a\n b)", "mend it", null).getMessage());
    assertEquals("one line", new BadInputException("one line").getMessage());
    assertEquals("x: expected 1, found 2", new UnexpectedValueException("x", 1, 2).getMessage());
    assertEquals(
        "x: expected 1, found null", new UnexpectedValueException("x", 1, null).getMessage());
    // What was found may be settings too, which each way of giving them calls by its own names.
    Failure settings =
        new UnexpectedValueException(
                Setting.PLAN, "to decide alone", Phrase.of("%s beside it", Setting.FORMS))
            .failure();
    assertEquals(
        "--plan: expected to decide alone, found --forms beside it",
        settings.words(setting -> "--" + setting.key()));
  }
}
