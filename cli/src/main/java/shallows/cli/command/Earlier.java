package shallows.cli.command;

import java.nio.file.Path;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.Stage;
import shallows.model.BadInputException;

/** A stage needs the one before it. */
final class Earlier {
  private Earlier() {}

  /**
   * @param path of the run as it was given
   * @throws BadInputException when the stage has not finished
   */
  static void require(OpenRun run, Stage stage, Path path) {
    if (!run.isFinished(stage)) {
      String wayOut =
          stage == Stage.TRAIN ? "train --resume --out " + path : stage.key() + " " + path;
      throw new BadInputException(
          path
              + ": expected a run whose "
              + stage.key()
              + " is finished, found one where it is"
              + " not; first: ./shallows "
              + wayOut);
    }
  }
}
