package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.Outputs;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;

/** A stage needs those before it, and their files as they were written. */
final class Earlier {
  private Earlier() {}

  /**
   * @param path of the run as it was given
   * @throws BadInputException when the stage or one before it has not finished, or a file of theirs
   *     is missing or was changed
   */
  static void require(OpenRun run, Stage stage, Path path) {
    for (Stage each : stage.andEarlier()) {
      requireUnchanged(run.folder(), run.record(), each, path);
      if (!run.isFinished(each)) {
        throw new BadInputException(
            path
                + ": expected a run whose "
                + each.key()
                + " is finished, found one where it is"
                + " not; first: "
                + command(each, path));
      }
    }
  }

  /**
   * @throws BadInputException when the stage has finished, and a file of its is missing or changed
   */
  static void requireUnchanged(RunFolder run, RunRecord record, Stage stage, Path path) {
    Optional<Outputs.Fault> fault =
        record.seconds().containsKey(stage.key())
            ? Outputs.fault(run, record, stage)
            : Optional.empty();
    if (fault.isPresent()) {
      throw new BadInputException(
          path.resolve(fault.get().file())
              + ": expected the file as "
              + stage.key()
              + " wrote it, found "
              + fault.get().found()
              + "; restore it, or "
              + stage.key()
              + " the run again: "
              + command(stage, path));
    }
  }

  private static String command(Stage stage, Path path) {
    return "./shallows "
        + (stage == Stage.TRAIN ? "train --resume --out " + path : stage.key() + " " + path);
  }
}
