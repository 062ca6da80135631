package shallows.pipeline.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.export.ExportSettings;
import shallows.model.BadInputException;

class RunFolderTest {
  static final RunRecord FRESH =
      RunRecord.begin(
          "run", "train", TrainSettings.STANDARD, PruneSettings.STANDARD, ExportSettings.STANDARD);

  @TempDir private Path temporary;

  @Test
  void aFolderThatHoldsSomethingElseIsRefusedAndUntouched() throws IOException {
    Files.writeString(temporary.resolve("thesis.tex"), "years of work");

    BadInputException e =
        assertThrows(BadInputException.class, () -> new RunFolder(temporary).requireRoom());

    assertTrue(e.getMessage().contains("thesis.tex"), e.getMessage());
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(temporary.resolve("thesis.tex")), left.toList());
    }
  }

  /** What a link leads to is neither removed nor written over. */
  @Test
  void filesElsewhereStayAsTheyAre() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      Files.writeString(run.begin(Stage.TRAIN).resolve("model.onnx"), "one");
      run.finish(Stage.TRAIN, 1, run.record());
      Path elsewhere = Files.move(folder.train(), temporary.resolve("elsewhere"));
      Files.createSymbolicLink(folder.train(), elsewhere);
      for (String file : List.of("model.onnx", "other.onnx")) {
        Files.writeString(run.begin(Stage.TRAIN).resolve(file), "another");
        BadInputException refused =
            assertThrows(BadInputException.class, () -> run.finish(Stage.TRAIN, 1, run.record()));
        assertTrue(refused.getMessage().contains("elsewhere"), refused.getMessage());
        run.abandon(Stage.TRAIN);
        assertEquals("one", Files.readString(elsewhere.resolve("model.onnx")));
        assertFalse(Files.exists(elsewhere.resolve("other.onnx")));
      }
    }
  }

  @Test
  void aFolderThatIsRemovedMeanwhileIsNotMadeAnew() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      Files.writeString(run.begin(Stage.TRAIN).resolve("model.onnx"), "");
      Files.move(folder.root(), temporary.resolve("moved"));
      for (Runnable next :
          List.<Runnable>of(
              () -> run.finish(Stage.TRAIN, 1, run.record()), () -> run.begin(Stage.PRUNE))) {
        String line = assertThrows(BadInputException.class, next::run).getMessage();
        assertTrue(line.contains("removed meanwhile"), line);
      }
      run.fail();
      assertFalse(Files.exists(folder.root()));
      // Another one of its name is nobody's.
      Files.createDirectory(folder.root());
      Files.createFile(folder.root().resolve(RunFolder.LOCK));
      assertThrows(BadInputException.class, () -> run.begin(Stage.PRUNE));
    }
  }

  @Test
  void aRunThatFailsAtOnceTakesTheFoldersThatWereMadeForItAlong() throws IOException {
    Path there = Files.createDirectory(temporary.resolve("there"));
    for (String file : List.of("", "another")) {
      RunFolder folder = new RunFolder(there.resolve("a/b/run"));
      try (OpenRun run = OpenRun.of(folder, FRESH)) {
        if (!file.isEmpty()) {
          Files.createFile(there.resolve("a").resolve(file));
        }
        run.fail();
      }
      assertFalse(Files.exists(there.resolve("a/b")));
      assertEquals(!file.isEmpty(), Files.exists(there.resolve("a")));
      assertTrue(Files.isDirectory(there));
    }
  }

  @Test
  void aFileIsRefused() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");

    assertThrows(BadInputException.class, () -> new RunFolder(file).requireRoom());
  }

  @Test
  void anEmptyFolderAndWhatAKilledStartLeavesAreTaken() throws IOException {
    new RunFolder(temporary).requireRoom();
    Files.writeString(temporary.resolve(".lock"), "");
    Files.writeString(temporary.resolve(".run.json.123.part"), "{");
    // A job that was done after the run had failed.
    Path late = Files.createDirectories(temporary.resolve(".train.jobs").resolve("cuts-1"));
    Files.writeString(late.resolve("job.json"), "{}");

    new RunFolder(temporary).requireRoom();
  }

  @Test
  void leftoversOfDeadProcessesGoWhenTheFolderIsLocked() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    Files.createDirectories(folder.train());
    Path part = Files.writeString(folder.train().resolve(".model.onnx.123.part"), "half");

    RunLock.take(folder).close();

    assertFalse(Files.exists(part));
  }

  @Test
  void aSecondWorkerIsRefusedUntilTheFirstIsDone() {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    try (OpenRun first = OpenRun.of(folder, FRESH)) {
      assertThrows(BadInputException.class, () -> OpenRun.existing(first.folder().root()));
    }
    OpenRun.existing(folder.root()).close();
  }

  @Test
  void foreignFilesThatLookLikeOursStay() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    Path theirs = Files.createDirectories(folder.root().resolve("notes"));
    Path part = Files.writeString(theirs.resolve(".letter.123.part"), "half");
    Path fresh = Files.createDirectories(folder.root().resolve(".prune.new/checkpoint"));

    RunLock.take(folder).close();

    assertTrue(Files.exists(part));
    assertFalse(Files.exists(fresh.getParent()));
  }

  @Test
  void theRecordReadsBackAsWritten() {
    Path file = temporary.resolve("run.json");
    RunRecord record =
        FRESH
            .finished(Stage.TRAIN, 12.34, Map.of("train/model.onnx", "c0ffee"))
            .withImages(Map.of("test", new ImagePart(2000, "c0ffee")));

    record.write(file);

    assertEquals(record, RunRecord.read(file));
  }

  @Test
  void aDamagedRecordIsNamed() throws IOException {
    Path file = temporary.resolve("run.json");
    for (String text : List.of("", "{", "[]", "{\"version\": 7}", "{\"version\": 1}", outside())) {
      Files.writeString(file, text);

      BadInputException e = assertThrows(BadInputException.class, () -> RunRecord.read(file), text);

      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    }
  }

  /** A record that would have a file outside the run folder removed. */
  private String outside() throws IOException {
    Path file = temporary.resolve("other.json");
    FRESH.finished(Stage.TRAIN, 1, Map.of("train/model.onnx", "c0ffee")).write(file);
    return Files.readString(file).replace("train/model.onnx", "../thesis.tex");
  }
}
