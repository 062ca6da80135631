package shallows.pipeline.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.Sha256;

/** The files that stages write: what they hold, whether they still do, and moving them in place. */
public final class Outputs {
  private Outputs() {}

  /**
   * A file that is not as its stage wrote it.
   *
   * @param file from the run folder
   * @param found for example {@code "that it is missing"}
   */
  public record Fault(String file, String found) {}

  /** The first file of a stage that is gone or was changed since. */
  public static Optional<Fault> fault(RunFolder run, RunRecord record, Stage stage) {
    for (Map.Entry<String, String> file : record.outputs(stage).entrySet()) {
      Path path = run.root().resolve(file.getKey());
      if (Files.isDirectory(path)) {
        return Optional.of(new Fault(file.getKey(), "a folder"));
      }
      if (!Files.exists(path)) {
        return Optional.of(new Fault(file.getKey(), "that it is missing"));
      }
      if (!Sha256.of(path).equals(file.getValue())) {
        return Optional.of(new Fault(file.getKey(), "that it was changed since"));
      }
    }
    return Optional.empty();
  }

  /** The new files of a stage under the names they will have, with their SHA-256. */
  static Map<String, String> fresh(RunFolder run, Stage stage) {
    Map<String, String> files = new LinkedHashMap<>();
    for (Path file : list(run.fresh(stage))) {
      Path target = run.home(stage).resolve(run.fresh(stage).relativize(file));
      if (Files.isDirectory(target)) {
        throw new BadInputException(
            target,
            "room for a file that " + stage.key() + " writes",
            "a folder",
            "move it away and run the same command again");
      }
      files.put(run.root().relativize(target).toString().replace('\\', '/'), Sha256.of(file));
    }
    return files;
  }

  /** Moves the new files of a stage to where they belong, over the old ones. */
  static void moveInPlace(RunFolder run, Stage stage) {
    try {
      Files.createDirectories(run.home(stage));
      for (Path file : list(run.fresh(stage))) {
        Path target = run.home(stage).resolve(run.fresh(stage).relativize(file));
        Files.createDirectories(target.getParent());
        Files.move(
            file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new BadInputException(
          run.home(stage),
          null,
          "new files cannot be moved there (" + IoReason.of(e) + ")",
          "make room for them and run the same command again",
          e);
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new BadInputException(
          folder,
          null,
          "cannot be listed (" + IoReason.of(e) + ")",
          "run the same command again",
          e);
    }
  }
}
