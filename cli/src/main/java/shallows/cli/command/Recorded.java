package shallows.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;

/** Going on with a training that was begun with other options is refused. */
final class Recorded {
  private Recorded() {}

  /**
   * The settings a run was begun with.
   *
   * @param train what is asked for now; what is left out is taken from the record
   * @throws BadInputException naming the first option that differs
   */
  static TrainSettings same(RunRecord record, TrainArguments train, RunFolder folder) {
    Map<String, String> begun = record.train().options();
    Map<String, String> asked = train.over(record.train()).options();
    for (Map.Entry<String, String> option : asked.entrySet()) {
      String before = begun.get(option.getKey());
      if (!option.getValue().equals(before)) {
        throw new BadInputException(
            folder.root()
                + ": this run was begun with "
                + option.getKey()
                + " "
                + before
                + ", found "
                + option.getValue()
                + "; leave the option out, or begin another run with "
                + another(folder));
      }
    }
    return record.train();
  }

  /**
   * The option that names a folder where nothing is yet, for example {@code --out runs/first-2}.
   */
  static String another(RunFolder folder) {
    Path here = Path.of("").toAbsolutePath();
    Path near = folder.root().startsWith(here) ? here.relativize(folder.root()) : folder.root();
    int number = 2;
    while (Files.exists(near.resolveSibling(folder.name() + "-" + number))) {
      number++;
    }
    return "--out " + near.resolveSibling(folder.name() + "-" + number);
  }
}
