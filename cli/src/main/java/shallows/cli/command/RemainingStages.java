package shallows.cli.command;

import java.nio.file.Path;
import shallows.cli.terminal.Console;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.stage.ExportStage;
import shallows.pipeline.stage.PruneStage;
import shallows.pipeline.stage.ReportStage;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.stage.VerifyStage;

/**
 * What is still to do in a run that does everything in order.
 *
 * @param asked the record as it would be if the run had been begun with what is asked for now
 */
record RemainingStages(OpenRun run, RunRecord asked) {
  /** Whether the stage has finished, and for what is asked now. */
  boolean isDone(Stage stage) {
    return run.isFinished(stage)
        && (stage != Stage.PRUNE || run.record().prune().equals(asked.prune()))
        && (stage != Stage.EXPORT || run.record().export().equals(asked.export()));
  }

  /**
   * Where the run goes on, in words.
   *
   * @param path of the run as it was given
   */
  String goesOn(Path path) {
    for (Stage stage : Stage.values()) {
      if (!isDone(stage)) {
        return path + ": a run is here; it goes on with " + stage.key();
      }
    }
    return path
        + ": a run is here and finished; to begin another one give "
        + Recorded.another(run.folder());
  }

  /** Everything after the training. */
  void afterTraining(
      RunImages images, ComputeArguments compute, Console console, Progress progress) {
    if (!isDone(Stage.PRUNE)) {
      PruneStage.run(
          run, asked.prune(), images, compute.compute(run.record().train()), console, progress);
    }
    exportAndVerify(images, compute, console, progress);
    while (PruneStage.canTakeLarger(run)) {
      PruneStage.takeLarger(run, console);
      exportAndVerify(images, compute, console, progress);
    }
    if (!isDone(Stage.REPORT)) {
      ReportStage.run(run, images, console);
    }
  }

  private void exportAndVerify(
      RunImages images, ComputeArguments compute, Console console, Progress progress) {
    if (!isDone(Stage.EXPORT)) {
      ExportStage.run(
          run,
          asked.export(),
          () -> images,
          compute.compute(run.record().train()),
          console,
          progress);
    }
    if (!isDone(Stage.VERIFY)) {
      VerifyStage.run(run, images, asked.prune().maxDrop(), compute.threads(), console, progress);
    }
  }
}
