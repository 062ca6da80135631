package shallows.pipeline.stage;

import java.util.Arrays;
import java.util.Optional;
import shallows.export.verify.Verification;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;

/**
 * What is still to do in a run that does everything in order.
 *
 * @param asked the record as it would be if the run had been begun with what is asked for now
 * @param goesOn whether the run was there before
 * @param trainsOn whether its training ended for want of time, and has more now
 */
public record Remaining(Work work, OpenRun run, RunRecord asked, boolean goesOn, boolean trainsOn) {
  /** Whether the stage has finished, and for what is asked now. */
  public boolean isDone(Stage stage) {
    return run.isFinished(stage)
        && (stage != Stage.TRAIN || !trainsOn)
        && (stage != Stage.PRUNE || run.record().prune().equals(asked.prune()))
        && (stage != Stage.EXPORT || run.record().export().equals(asked.export()))
        // Somebody may have verified by another bound meanwhile.
        && (stage != Stage.VERIFY
            || Verification.read(run.folder().verification()).maxDrop() == asked.prune().maxDrop());
  }

  /** The first stage that is still to do. */
  public Optional<Stage> next() {
    return Arrays.stream(Stage.values()).filter(stage -> !isDone(stage)).findFirst();
  }

  /** Everything after the training. */
  public void afterTraining() {
    if (!isDone(Stage.PRUNE)) {
      PruneStage.run(work, asked.prune());
    }
    exportAndVerify();
    while (PruneStage.canTakeLarger(run.folder())) {
      PruneStage.takeLarger(work);
      exportAndVerify();
    }
    if (!isDone(Stage.REPORT)) {
      ReportStage.run(work);
    }
  }

  private void exportAndVerify() {
    if (!isDone(Stage.EXPORT)) {
      ExportStage.run(work, asked.export());
    }
    if (!isDone(Stage.VERIFY)) {
      VerifyStage.run(work, asked.prune().maxDrop(), Optional.empty());
    }
  }
}
