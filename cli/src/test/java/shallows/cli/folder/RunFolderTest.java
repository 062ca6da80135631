package shallows.cli.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

class RunFolderTest {
  private static final RunRecord FRESH =
      RunRecord.begin(
          "run", "train", TrainSettings.STANDARD, PruneSettings.STANDARD, ExportSettings.STANDARD);

  @TempDir private Path temporary;

  @Test
  void aFolderThatHoldsSomethingElseIsRefusedAndUntouched() throws IOException {
    Files.writeString(temporary.resolve("thesis.tex"), "years of work");

    BadInputException e =
        assertThrows(BadInputException.class, () -> RunFolder.forWriting(temporary));

    assertTrue(e.getMessage().contains("thesis.tex"), e.getMessage());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(temporary.resolve("thesis.tex")), left.toList());
    }
  }

  @Test
  void aFileIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");

    assertThrows(BadInputException.class, () -> RunFolder.forWriting(file));
  }

  @Test
  void anEmptyFolderAndWhatAKilledStartLeavesAreTaken() throws IOException {
    RunFolder.forWriting(temporary);
    Files.writeString(temporary.resolve(".lock"), "");
    Files.writeString(temporary.resolve(".run.json.123.part"), "{");

    RunFolder.forWriting(temporary);
  }

  @Test
  void leftoversOfDeadProcessesGoWhenTheFolderIsLocked() throws IOException {
    RunFolder folder = RunFolder.forWriting(temporary.resolve("run"));
    Files.createDirectories(folder.train());
    Path part = Files.writeString(folder.train().resolve(".model.onnx.123.part"), "half");

    RunLock.take(folder).close();

    assertFalse(Files.exists(part));
  }

  @Test
  void aSecondWorkerIsRefusedUntilTheFirstIsDone() {
    RunFolder folder = RunFolder.forWriting(temporary.resolve("run"));
    try (OpenRun first = OpenRun.of(folder, FRESH)) {
      assertThrows(BadInputException.class, () -> OpenRun.existing(first.folder().root()));
    }
    OpenRun.existing(folder.root()).close();
  }

  @Test
  void aStageThatBeginsTakesTheOutputsOfLaterOnesAway() throws IOException {
    RunFolder folder = RunFolder.forWriting(temporary.resolve("run"));
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      Files.createDirectories(folder.train());
      Files.createDirectories(folder.prune());
      Files.createDirectories(folder.export());
      for (Path file :
          List.of(
              folder.fullModel(),
              folder.prunedModel(),
              folder.exportedTask(),
              folder.verification(),
              folder.report(),
              folder.page(),
              folder.export().resolve("run-fp32.tflite"),
              folder.export().resolve("notes.txt"))) {
        Files.writeString(file, "");
      }
      for (Stage stage : Stage.values()) {
        run.finish(stage, 1);
        assertTrue(run.isFinished(stage), stage.key());
      }

      run.begin(Stage.EXPORT, false);

      assertTrue(run.isFinished(Stage.PRUNE));
      assertFalse(run.isFinished(Stage.EXPORT));
      assertFalse(run.isFinished(Stage.VERIFY));
      assertTrue(Files.exists(folder.prunedModel()));
      assertTrue(Files.exists(folder.export().resolve("notes.txt")), "not ours to remove");
      assertFalse(Files.exists(folder.export().resolve("run-fp32.tflite")));
      assertFalse(Files.exists(folder.page()));
      assertFalse(Files.exists(folder.verification()));
    }
  }

  @Test
  void theRecordReadsBackAsWritten() {
    Path file = temporary.resolve("run.json");
    RunRecord record = FRESH.finished(Stage.TRAIN, 12.34);

    record.write(file);

    assertEquals(record, RunRecord.read(file));
  }

  @Test
  void aDamagedRecordIsNamed() throws IOException {
    Path file = temporary.resolve("run.json");
    for (String text : List.of("", "{", "[]", "{\"version\": 7}", "{\"version\": 1}")) {
      Files.writeString(file, text);

      BadInputException e = assertThrows(BadInputException.class, () -> RunRecord.read(file), text);

      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }
}
