package shallows.cli.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import shallows.model.BadInputException;

/** Takes files of a run away: only those that we make, whatever else lies beside them. */
final class Removal {
  private Removal() {}

  /** Removes what earlier processes left unfinished. Only who holds the lock may do it. */
  static void leftovers(Path root) {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      List<Path> parts =
          files
              .filter(Files::isRegularFile)
              .filter(f -> f.getFileName().toString().matches("\\..+\\.\\d+\\.part"))
              .toList();
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw new BadInputException(root + ": cannot be cleaned up (" + e + ")", e);
    }
  }

  /** Removes the outputs of a stage and of those after it, so that nothing stale is reported. */
  static void outputs(RunFolder run, Stage from) {
    if (from == Stage.TRAIN) {
      deleteAll(run.fullModel(), run.survival(), run.history(), run.train().resolve("checkpoint"));
    }
    if (from.compareTo(Stage.PRUNE) <= 0) {
      deleteAll(run.prunedModel(), run.plan(), run.fineTuning(), run.prune().resolve("checkpoint"));
    }
    if (from.compareTo(Stage.EXPORT) <= 0 && Files.isDirectory(run.export())) {
      deleteAll(exportedFiles(run.export()).toArray(Path[]::new));
      deleteAll(run.labels(), run.exportedTask());
    }
    if (from.compareTo(Stage.VERIFY) <= 0) {
      deleteAll(run.verification());
    }
    deleteAll(run.report(), run.page());
  }

  private static List<Path> exportedFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().matches(".*-(fp32|binary)\\.(onnx|tflite)")).toList();
    } catch (IOException e) {
      throw new BadInputException(folder + ": cannot be listed (" + e + ")", e);
    }
  }

  private static void deleteAll(Path... paths) {
    for (Path path : paths) {
      if (!Files.exists(path)) {
        continue;
      }
      try (Stream<Path> below = Files.walk(path)) {
        for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      } catch (IOException e) {
        throw new BadInputException(path + ": cannot be removed (" + e + ")", e);
      }
    }
  }
}
