package shallows.pipeline.stage;

import java.util.Optional;
import shallows.model.BadInputException;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Outputs;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;

/** A stage needs those before it, and their files as they were written. */
public final class Earlier {
  private Earlier() {}

  /**
   * @throws BadInputException when the stage or one before it has not finished, or a file of theirs
   *     is missing or was changed
   */
  public static void require(OpenRun run, Stage stage) {
    for (Stage each : stage.andEarlier()) {
      requireUnchanged(run.folder(), run.record(), each);
      if (!run.isFinished(each)) {
        throw new BadInputException(
            run.folder().root(),
            "a run whose " + each.key() + " is finished",
            "one where it is not",
            "first " + each.key() + " it");
      }
    }
  }

  /**
   * @throws BadInputException when the stage has finished, and a file of its is missing or changed
   */
  public static void requireUnchanged(RunFolder run, RunRecord record, Stage stage) {
    Optional<Outputs.Fault> fault =
        record.seconds().containsKey(stage.key())
            ? Outputs.fault(run, record, stage)
            : Optional.empty();
    if (fault.isPresent()) {
      throw new BadInputException(
          run.root().resolve(fault.get().file()),
          "the file as " + stage.key() + " wrote it",
          fault.get().found(),
          "restore it, or " + stage.key() + " the run again");
    }
  }
}
