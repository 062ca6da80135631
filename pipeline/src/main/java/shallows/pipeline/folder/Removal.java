package shallows.pipeline.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import shallows.model.BadInputException;
import shallows.model.file.InsideFolder;
import shallows.model.file.IoReason;
import shallows.train.jobs.Jobs;

/**
 * Takes files of a run away: those that {@code run.json} lists, the folders that stages work in,
 * and unfinished files in our folders. Whatever else lies beside them stays.
 */
final class Removal {
  /** The run itself may be a link; what is in it is ours only where it is no link. */
  private static final LinkOption[] FOLLOWED = {};

  private static final LinkOption[] NOT_FOLLOWED = {LinkOption.NOFOLLOW_LINKS};

  private Removal() {}

  /** Removes what earlier processes left unfinished. Only who holds the lock may do it. */
  static void leftovers(RunFolder run) {
    for (Stage stage : Stage.values()) {
      fresh(run, stage);
    }
    for (Path folder :
        List.of(
            run.root(),
            run.train(),
            run.train().resolve("checkpoint"),
            run.prune(),
            run.export())) {
      if (Files.isDirectory(folder, folder.equals(run.root()) ? FOLLOWED : NOT_FOLLOWED)) {
        parts(folder).forEach(Removal::delete);
      }
    }
  }

  private static List<Path> parts(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(f -> f.getFileName().toString().matches("\\..+\\.\\d+\\.part"))
          .toList();
    } catch (IOException e) {
      throw cannot(folder, "be cleaned up", e);
    }
  }

  /** Removes the folder that a stage works in, with all that is in it. */
  static void fresh(RunFolder run, Stage stage) {
    whole(run.fresh(stage));
  }

  /** Removes the jobs of a stage, likewise. */
  static void jobs(RunFolder run, Stage stage) {
    whole(run.jobs(stage));
  }

  private static void whole(Path folder) {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      emptied(folder);
    }
  }

  /**
   * Removes the listed outputs of a stage and of those after it, so that nothing stale is reported.
   *
   * @param stay files from the run folder that are written again
   * @throws BadInputException when one of them is elsewhere, by a link; then nothing is removed
   */
  static void outputs(RunFolder run, RunRecord record, Stage from, Set<String> stay) {
    List<Path> listed =
        from.andLater().stream()
            .flatMap(stage -> record.outputs(stage).keySet().stream())
            .filter(file -> !stay.contains(file))
            .map(file -> InsideFolder.file(run.root(), file))
            .toList();
    for (Path path : listed) {
      // A folder of that name is not what the stage wrote.
      if (!Files.isDirectory(path)) {
        delete(path);
        deleteIfEmpty(path.getParent(), run.root());
      }
    }
  }

  /**
   * Folders in which nothing of ours or anyone's is left, such as that of a bundle.
   *
   * @param root stays
   */
  private static void deleteIfEmpty(Path folder, Path root) {
    // Somebody may have removed it by hand, to save room.
    if (folder.equals(root) || !Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> left = Files.list(folder)) {
      if (left.findAny().isPresent()) {
        return;
      }
    } catch (IOException e) {
      throw cannot(folder, "be listed", e);
    }
    delete(folder);
    deleteIfEmpty(folder.getParent(), root);
  }

  /** Removes a run of which nothing is there but its record; what is not ours stays. */
  static void run(RunFolder run) {
    delete(run.record());
    delete(run.root().resolve(RunFolder.LOCK));
    jobs(run, Stage.TRAIN);
    if (Files.isDirectory(run.train())) {
      emptied(run.train());
    }
    if (!holdsEntries(run.root())) {
      delete(run.root());
    }
  }

  /** Whether there is a file in it, however deep. */
  static boolean holdsFiles(Path folder) {
    return holds(folder, path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
  }

  /** Whether a job of the stage is done. */
  static boolean holdsResults(RunFolder run, Stage stage) {
    return holds(run.jobs(stage), path -> path.endsWith(Jobs.RESULT));
  }

  private static boolean holds(Path folder, Predicate<Path> wanted) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> below = Files.walk(folder)) {
      return below.anyMatch(wanted);
    } catch (IOException e) {
      throw cannot(folder, "be listed", e);
    } catch (UncheckedIOException e) {
      // Others may write there, or take something away.
      throw cannot(folder, "be listed", e.getCause());
    }
  }

  private static boolean holdsEntries(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    } catch (IOException e) {
      throw cannot(folder, "be listed", e);
    }
  }

  private static void emptied(Path folder) {
    try (Stream<Path> below = Files.walk(folder)) {
      below.sorted(Comparator.reverseOrder()).toList().forEach(Removal::delete);
    } catch (IOException e) {
      throw cannot(folder, "be removed", e);
    } catch (UncheckedIOException e) {
      throw cannot(folder, "be removed", e.getCause());
    }
  }

  static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw cannot(path, "be removed", e);
    }
  }

  private static BadInputException cannot(Path path, String what, IOException e) {
    return new BadInputException(
        path, null, "cannot " + what + " (" + IoReason.of(e) + ")", "remove it by hand", e);
  }
}
