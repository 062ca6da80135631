package shallows.cli.folder;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;

/**
 * {@code run.json}: what a run was asked for and how far it is.
 *
 * @param version of this file's layout
 * @param name of the run, which its exported files begin with; stays when the folder is renamed
 * @param command the command line that began the run
 * @param train what the training was asked for
 * @param prune what the pruning was asked for
 * @param export which files were asked for
 * @param seconds wall time of each finished stage by its key
 */
public record RunRecord(
    int version,
    String name,
    String command,
    TrainSettings train,
    PruneSettings prune,
    ExportSettings export,
    Map<String, Double> seconds) {
  private static final int VERSION = 1;
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public RunRecord {
    if (version != VERSION) {
      throw new IllegalArgumentException("version must be " + VERSION + ", was " + version);
    }
    if (name == null
        || command == null
        || train == null
        || prune == null
        || export == null
        || seconds == null) {
      throw new IllegalArgumentException(
          "name, command, train, prune, export and seconds must be there, one is missing");
    }
    seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }

  /** A run that has not begun. */
  public static RunRecord begin(
      String name,
      String command,
      TrainSettings train,
      PruneSettings prune,
      ExportSettings export) {
    return new RunRecord(VERSION, name, command, train, prune, export, Map.of());
  }

  /**
   * @throws BadInputException when there is no such file or it is not one of ours
   */
  public static RunRecord read(Path file) {
    try {
      RunRecord record = GSON.fromJson(Files.readString(file), RunRecord.class);
      if (record == null) {
        throw new IllegalArgumentException("the file is empty");
      }
      return record;
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          file.getParent()
              + ": expected a run folder, found no "
              + file.getFileName()
              + " in it; make one with ./shallows run or ./shallows train",
          e);
    } catch (IOException | RuntimeException e) {
      // Gson wraps what a record's constructor says.
      Throwable told = e.getCause() instanceof IllegalArgumentException ? e.getCause() : e;
      throw new BadInputException(
          file
              + ": expected the record of a run, found damage ("
              + told.getMessage()
              + "); choose another folder or begin this run anew elsewhere",
          e);
    }
  }

  public void write(Path file) {
    AtomicFile.writeText(file, GSON.toJson(this) + "\n");
  }

  /** Wall time of a stage, 0 where it has not finished. */
  public double seconds(Stage stage) {
    return seconds.getOrDefault(stage.key(), 0.0);
  }

  /** The same run after {@code stage} has finished. */
  public RunRecord finished(Stage stage, double time) {
    Map<String, Double> more = new LinkedHashMap<>(seconds);
    more.put(stage.key(), Math.round(time * 10) / 10.0);
    return new RunRecord(version, name, command, train, prune, export, more);
  }

  /** The same run before {@code stage}. */
  public RunRecord before(Stage stage) {
    Map<String, Double> less = new LinkedHashMap<>(seconds);
    for (Stage later : Stage.values()) {
      if (later.compareTo(stage) >= 0) {
        less.remove(later.key());
      }
    }
    return new RunRecord(version, name, command, train, prune, export, less);
  }

  public RunRecord withPrune(PruneSettings other) {
    return new RunRecord(version, name, command, train, other, export, seconds);
  }

  public RunRecord withExport(ExportSettings other) {
    return new RunRecord(version, name, command, train, prune, other, seconds);
  }
}
