package shallows.pipeline.folder;

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
import shallows.export.ExportSettings;
import shallows.model.BadInputException;
import shallows.model.json.JsonEdits;
import shallows.train.loop.Rollback;

class RunRecordTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "null", "{\"version\": \"x\"}", "{\"train\": 3}"})
  void damageIsToldInWordsOfAUser(String text) throws IOException {
    String line = refusal(Files.writeString(folder.resolve("run.json"), text));

    for (String ofAProgrammer : List.of("java.", "http", "Exception", "BEGIN_", "Gson")) {
      assertFalse(line.contains(ofAProgrammer), line);
    }
    assertTrue(line.contains("run.json: $") && line.contains(": expected "), line);
  }

  @Test
  void aThousandEditsGiveAValueOrOneLine() {
    RunRecord whole =
        RunRecord.begin(
                "digits",
                "run --data digits",
                TrainSettings.STANDARD,
                PruneSettings.STANDARD,
                ExportSettings.STANDARD)
            .finished(Stage.TRAIN, 12.5, Map.of("train/model.onnx", "c0ffee"))
            .finished(Stage.PRUNE, 1, Map.of("prune/model.onnx", "c0ffee"))
            .withImages(Map.of("test", new ImagePart(2000, "c0ffee")))
            .withRollbacks(List.of(new Rollback(2, 30, "NaN", 0.1, 20)))
            .withImport(
                new ImportSettings(
                    "/a.onnx",
                    "c0ffee",
                    "logits",
                    3,
                    8,
                    8,
                    2,
                    List.of("cat", "dog"),
                    ImportSettings.GIVEN,
                    List.of(0.5f, 0.5f, 0.5f),
                    List.of(1f, 1f, 1f),
                    0.5,
                    0.5,
                    2.0,
                    true));
    JsonEdits.assertValueOrOneLine(RunRecord.FORMAT, RunRecord.FORMAT.text(whole));
  }

  @Test
  void negativeSecondsAndPathsOutOfTheFolderAreRefused() throws IOException {
    String text =
        RunRecord.FORMAT.text(
            RunRecord.begin(
                    "digits",
                    "run",
                    TrainSettings.STANDARD,
                    PruneSettings.STANDARD,
                    ExportSettings.STANDARD)
                .finished(Stage.TRAIN, 12.5, Map.of("train/model.onnx", "c0ffee")));
    Map.of(
            "12.5", "$.seconds.train: expected a finite number of at least 0, found -12.5",
            "train/model.onnx", "$.outputs: expected files of the run folder, found",
            "\"maxDrop\": 1.0", "$.prune.maxDrop: expected a number, found the text 'NaN'",
            "\"epochs\": 15", "$.train.training.epochs: expected at least 0, found -15",
            "\"survival\": \"linear:0.5\"", "$.train")
        .forEach(
            (from, found) -> {
              assertTrue(text.contains(from), from);
              String to =
                  switch (from) {
                    case "12.5" -> "-12.5";
                    case "train/model.onnx" -> "../model.onnx";
                    case "\"epochs\": 15" -> "\"epochs\": -15";
                    case "\"maxDrop\": 1.0" -> "\"maxDrop\": \"NaN\"";
                    default -> "\"survival\": \"sometimes\"";
                  };
              String message =
                  assertThrows(
                          BadInputException.class,
                          () -> RunRecord.FORMAT.parse(text.replace(from, to), "run.json"))
                      .getMessage();
              assertTrue(message.startsWith("run.json: " + found), message);
            });
  }

  @Test
  void bytesThatAreNoTextAreToldInWordsOfAUser() throws IOException {
    Path file = Files.write(folder.resolve("run.json"), new byte[] {'{', (byte) 0xff, '}'});

    assertTrue(refusal(file).contains("no text"), refusal(file));
  }

  @Test
  void aFolderInItsPlaceIsNamed() throws IOException {
    Path file = Files.createDirectory(folder.resolve("run.json"));

    assertTrue(refusal(file).contains("found a folder in its place; "), refusal(file));
  }

  private static String refusal(Path file) {
    return assertThrows(BadInputException.class, () -> RunRecord.read(file)).getMessage();
  }
}
