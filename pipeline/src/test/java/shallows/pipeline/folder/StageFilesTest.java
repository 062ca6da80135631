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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;

/** What stages leave in the folder of a run, and what goes when one is done again. */
class StageFilesTest {
  private static final RunRecord FRESH = RunFolderTest.FRESH;

  @TempDir private Path temporary;

  @Test
  void aStageTakesTheOutputsOfLaterOnesAwayWhenItHasNewOnes() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      finishAll(run);
      Path foreign = folder.export().resolve("other-fp32.tflite");
      Files.writeString(foreign, "");

      Path fresh = run.begin(Stage.EXPORT);
      Files.writeString(fresh.resolve("run-fp32.onnx"), "new");
      assertTrue(run.isFinished(Stage.REPORT), "nothing goes before the new files are there");
      run.finish(Stage.EXPORT, 1, run.record());

      assertTrue(run.isFinished(Stage.PRUNE));
      assertTrue(run.isFinished(Stage.EXPORT));
      assertFalse(run.isFinished(Stage.VERIFY));
      assertEquals("new", Files.readString(folder.export().resolve("run-fp32.onnx")));
      assertTrue(Files.exists(folder.prunedModel()));
      assertTrue(Files.exists(foreign), "not ours to remove");
      assertFalse(Files.exists(folder.labels()));
      assertFalse(Files.exists(folder.page()));
      assertFalse(Files.exists(folder.verification()));
      assertFalse(Files.exists(folder.bundle()), "with its last file the folder goes too");
      assertFalse(Files.exists(fresh));
    }
  }

  @Test
  void aStageFinishesThoughSomebodyTookFoldersOfLaterOnesAway() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      finishAll(run);
      Files.delete(folder.labels());
      Files.delete(folder.verification());
      Files.delete(folder.export());

      Path fresh = run.begin(Stage.PRUNE);
      Files.writeString(fresh.resolve("model.onnx"), "new");
      run.finish(Stage.PRUNE, 1, run.record());

      assertTrue(run.isFinished(Stage.PRUNE));
      assertFalse(run.isFinished(Stage.EXPORT));
    }
  }

  @Test
  void laterStagesStayWhereTheNewFilesAreTheOldOnes() throws IOException {
    try (OpenRun run = OpenRun.of(new RunFolder(temporary.resolve("run")), FRESH)) {
      finishAll(run);

      finish(run, Stage.TRAIN, run.folder().fullModel());

      for (Stage stage : Stage.values()) {
        assertTrue(run.isFinished(stage), stage.key());
      }
    }
  }

  @Test
  void aStageWhoseFileIsMissingChangedOrAFolderIsNotFinished() throws IOException {
    try (OpenRun run = OpenRun.of(new RunFolder(temporary.resolve("run")), FRESH)) {
      finishAll(run);
      Path model = run.folder().prunedModel();

      Files.writeString(model, "another");
      assertFalse(run.isFinished(Stage.PRUNE));
      Files.delete(model);
      assertFalse(run.isFinished(Stage.PRUNE));
      Files.createDirectory(model);
      assertFalse(run.isFinished(Stage.PRUNE));
    }
  }

  @Test
  void aStageWithNoRoomForItsFilesLeavesTheOldOnes() throws IOException {
    try (OpenRun run = OpenRun.of(new RunFolder(temporary.resolve("run")), FRESH)) {
      finishAll(run);
      Files.createDirectory(run.folder().plan());
      Path fresh = run.begin(Stage.PRUNE);
      Files.writeString(fresh.resolve("plan.json"), "");

      assertThrows(BadInputException.class, () -> run.finish(Stage.PRUNE, 1, run.record()));
      run.abandon(Stage.PRUNE);

      for (Stage stage : Stage.values()) {
        assertTrue(run.isFinished(stage), stage.key());
      }
    }
  }

  @Test
  void aStageKilledWhileItsFilesMoveIsUnfinishedAndLeavesNoneBehind() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    Path moved = folder.export().resolve("run-fp32.onnx");
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      finishAll(run);
      run.record()
          .before(Stage.EXPORT)
          .owning(Stage.EXPORT, Map.of("export/run-fp32.onnx", "c0ffee"))
          .write(folder.record());
      Files.writeString(moved, "");
    }

    try (OpenRun run = OpenRun.existing(folder.root())) {
      assertTrue(run.isFinished(Stage.PRUNE));
      assertFalse(run.isFinished(Stage.EXPORT));
      assertFalse(run.isFinished(Stage.REPORT));

      finish(run, Stage.EXPORT, folder.labels());

      assertFalse(Files.exists(moved));
      assertFalse(Files.exists(folder.page()));
    }
  }

  private static void finishAll(OpenRun run) throws IOException {
    RunFolder folder = run.folder();
    finish(run, Stage.TRAIN, folder.fullModel());
    finish(run, Stage.PRUNE, folder.prunedModel());
    finish(run, Stage.EXPORT, folder.labels());
    finish(run, Stage.VERIFY, folder.verification(), folder.bundle().resolve("model.json"));
    finish(run, Stage.REPORT, folder.page());
    for (Stage stage : Stage.values()) {
      assertTrue(run.isFinished(stage), stage.key());
    }
  }

  private static void finish(OpenRun run, Stage stage, Path... files) throws IOException {
    Path fresh = run.begin(stage);
    for (Path file : files) {
      Path work = fresh.resolve(run.folder().home(stage).relativize(file));
      Files.createDirectories(work.getParent());
      Files.writeString(work, stage.key());
    }
    run.finish(stage, 1, run.record());
  }

  @Test
  void jobsOfAStageGoOnceItIsDoneAndThoseOfLaterOnesToo() throws IOException {
    RunFolder folder = new RunFolder(temporary.resolve("run"));
    try (OpenRun run = OpenRun.of(folder, FRESH)) {
      for (Stage stage : List.of(Stage.TRAIN, Stage.PRUNE)) {
        Path job = Files.createDirectories(folder.jobs(stage).resolve("job"));
        Files.writeString(job.resolve("job.json"), "{}");
      }
      finish(run, Stage.TRAIN, folder.fullModel());
      assertTrue(Files.exists(folder.jobs(Stage.TRAIN)));

      run.removeJobs(Stage.TRAIN);

      assertFalse(Files.exists(folder.jobs(Stage.TRAIN)));
      assertFalse(Files.exists(folder.jobs(Stage.PRUNE)));
    }
  }
}
