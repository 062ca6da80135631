package shallows.pipeline.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of a finished stage that is given another content, killed at any moment. */
class RewrittenFileTest {
  private static final String FILE = "export/run.tflite";

  @TempDir private Path temporary;
  private RunFolder folder;
  private Path file;
  private Path beside;

  @BeforeEach
  void finishesAnExport() throws IOException {
    folder = new RunFolder(temporary.resolve("run"));
    file = folder.root().resolve(FILE);
    beside = file.resolveSibling(".run.tflite.new");
    try (OpenRun run = open()) {
      Files.writeString(run.begin(Stage.EXPORT).resolve("run.tflite"), "old");
      run.finish(Stage.EXPORT, 1, run.record());
    }
  }

  @Test
  void theFileIsTheNewOneAndOfItsStage() {
    try (OpenRun run = open()) {
      assertEquals("done", run.rewrite(Stage.EXPORT, FILE, copy -> written(copy, "new")));
    }
    assertHolds("new");
  }

  @Test
  void aChangeThatFailsLeavesTheFileAsItWas() {
    try (OpenRun run = open()) {
      assertThrows(
          IllegalStateException.class,
          () ->
              run.rewrite(
                  Stage.EXPORT,
                  FILE,
                  copy -> {
                    written(copy, "half");
                    throw new IllegalStateException("killed");
                  }));
    }
    assertHolds("old");
  }

  @Test
  void whatTheRecordKnewWhenItWasKilledTakesItsPlaceLater() throws IOException {
    written(beside, "new");
    RunRecord record = RunRecord.read(folder.record());
    record.owning(Stage.EXPORT, Map.of(FILE, Outputs.sha256(beside))).write(folder.record());

    assertHolds("new");
  }

  private void assertHolds(String content) {
    try (OpenRun run = open()) {
      assertEquals(content, Files.readString(file));
      assertEquals(Optional.empty(), Outputs.fault(folder, run.record(), Stage.EXPORT));
      assertFalse(Files.exists(beside));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String written(Path file, String content) {
    try {
      Files.writeString(file, content);
      return "done";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private OpenRun open() {
    return OpenRun.of(
        folder,
        RunRecord.begin(
            "run",
            "test",
            TrainSettings.STANDARD,
            PruneSettings.STANDARD,
            ExportSettings.STANDARD));
  }
}
