package shallows.export.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.answers.AnswersTest;
import shallows.model.BadInputException;
import shallows.model.json.JsonEdits;

class VerificationTest {
  private static final Verification WHOLE =
      new Verification(
          new Verification.Images("digits", 200),
          1,
          0.9,
          new Verification.Ensemble(16, 0.91),
          0.89,
          new Verification.LatencySettings(1, 5, 50),
          List.of(
              new FileCheck(
                  "run-fp32.onnx",
                  "ONNX Runtime",
                  0.9,
                  1.0,
                  1e-6,
                  null,
                  0.0,
                  3,
                  2,
                  new Latency(1.5, 2),
                  2_000_000L,
                  new Augmented("flip", 0.91, 1, 3, new Latency(3, 4)),
                  true,
                  "matches"),
              FileCheck.refused("run-int8.tflite", "TFLite", "does not load")),
          Map.of("nano", 0.85),
          0.92,
          List.of(AnswersTest.small()));

  @TempDir Path folder;

  @Test
  void aThousandEditsGiveAValueOrOneLine() {
    JsonEdits.assertValueOrOneLine(Verification.FORMAT, Verification.FORMAT.text(WHOLE));
  }

  @Test
  void noFigureOutOfItsRangeAndNoPathPasses() {
    String text = Verification.FORMAT.text(WHOLE);
    Map.of(
            "\"passed\": false",
            "\"passed\": true",
            "\"peakMemoryBytes\": 2000000",
            "\"peakMemoryBytes\": -2",
            "\"nano\": 0.85",
            "\"nano\": 85",
            "\"median\": 1.5",
            "\"median\": -1",
            "\"file\": \"run-int8.tflite\"",
            "\"file\": \"../run-int8.tflite\"",
            "\"count\": 200",
            "\"count\": 2",
            "\"after\": 1",
            "\"after\": 3",
            "\"maxDrop\": 1.0",
            "\"maxDrop\": \"NaN\"")
        .forEach(
            (from, to) -> {
              assertEquals(2, text.split(from, -1).length, from);
              assertThrows(
                  BadInputException.class,
                  () -> Verification.FORMAT.parse(text.replace(from, to), "verify.json"),
                  to);
            });
  }

  @Test
  void readingSomethingElseIsRefused() throws Exception {
    Path file = folder.resolve("verify.json");
    assertThrows(BadInputException.class, () -> Verification.read(file));
    for (String content : List.of("", "{}", "[1]", "{\"files\": 3}")) {
      Files.writeString(file, content);
      assertThrows(BadInputException.class, () -> Verification.read(file), content);
    }
  }

  @Test
  void aFileThatCannotBeReadIsNotSaidToBeMissing() throws Exception {
    Path file = folder.resolve("verify.json");
    assertTrue(refusal(file).endsWith("found no such file; run verify first, or once more"));
    Files.write(file, new byte[] {'"', (byte) 0xff, '"'});
    assertTrue(refusal(file).contains("no text"), refusal(file));
    Files.delete(file);
    Files.createDirectory(file);
    assertTrue(refusal(file).contains("a folder in its place"), refusal(file));
  }

  private static String refusal(Path file) {
    return assertThrows(BadInputException.class, () -> Verification.read(file)).getMessage();
  }
}
