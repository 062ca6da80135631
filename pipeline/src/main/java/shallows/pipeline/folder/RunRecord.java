package shallows.pipeline.folder;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.export.ExportSettings;
import shallows.model.BadInputException;
import shallows.model.Expect;
import shallows.model.json.Changes;
import shallows.model.json.JsonFormat;
import shallows.model.json.OrNull;
import shallows.train.loop.Rollback;

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
 * @param images that the training saw and did not see, by what they are for, for example {@code
 *     "held-out"}; empty before the training has finished
 * @param outputs the files that each stage wrote, by its key: the path from the run folder and the
 *     SHA-256 of the content
 * @param rollbacks each time that the training diverged and went back; mostly none
 * @param imported the network that was brought along; null where it was trained here
 * @param from the network that the training began with; null where it began with nothing
 */
public record RunRecord(
    int version,
    String name,
    String command,
    TrainSettings train,
    PruneSettings prune,
    ExportSettings export,
    Map<String, Double> seconds,
    Map<String, ImagePart> images,
    Map<String, Map<String, String>> outputs,
    List<Rollback> rollbacks,
    @OrNull ImportSettings imported,
    @OrNull TransferSettings from) {
  private static final int VERSION = 1;
  static final JsonFormat<RunRecord> FORMAT =
      new JsonFormat<>(
          RunRecord.class,
          "the record of a run",
          "choose another folder or begin this run anew elsewhere");

  public RunRecord {
    Expect.require(version == VERSION, "version", VERSION, version);
    Expect.text("name", name);
    Expect.text("command", command);
    Expect.present("train", train);
    Expect.present("prune", prune);
    Expect.present("export", export);
    seconds.forEach((stage, time) -> Expect.notNegative("seconds." + stage, time));
    seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
    images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    rollbacks = Expect.list("rollbacks", rollbacks);
    outputs.values().forEach(files -> files.keySet().forEach(RunRecord::requireInside));
  }

  /** What the record lists may be deleted; nothing outside the run folder ever is. */
  private static void requireInside(String file) {
    Expect.require(isInside(file), "outputs", "files of the run folder", "'" + file + "'");
  }

  private static boolean isInside(String file) {
    if (file.isEmpty() || file.indexOf(0) >= 0) {
      return false;
    }
    Path path = Path.of(file);
    return !path.isAbsolute() && !path.normalize().startsWith("..");
  }

  /** A run that has not begun. */
  public static RunRecord begin(
      String name,
      String command,
      TrainSettings train,
      PruneSettings prune,
      ExportSettings export) {
    return new RunRecord(
        VERSION, name, command, train, prune, export, Map.of(), Map.of(), Map.of(), List.of(), null,
        null);
  }

  /**
   * @throws BadInputException when there is no such file or it is not one of ours
   */
  public static RunRecord read(Path file) {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new BadInputException(
          file.getParent(),
          "a run folder",
          "no " + file.getFileName() + " in it",
          "make one with ./shallows run or ./shallows train");
    }
    return FORMAT.read(file);
  }

  public void write(Path file) {
    FORMAT.write(this, file);
  }

  /** Wall time of a stage, 0 where it has not finished. */
  public double seconds(Stage stage) {
    return seconds.getOrDefault(stage.key(), 0.0);
  }

  /** The files that a stage wrote, with their SHA-256; empty where it has not. */
  public Map<String, String> outputs(Stage stage) {
    return outputs.getOrDefault(stage.key(), Map.of());
  }

  /** The same run when {@code stage} had finished and none after it had begun. */
  public RunRecord upTo(Stage stage) {
    RunRecord record = this;
    for (Stage later : stage.later()) {
      record = record.before(later).owning(later, Map.of());
    }
    return record;
  }

  /** The same run after {@code stage} has finished and left these files. */
  RunRecord finished(Stage stage, double time, Map<String, String> files) {
    Map<String, Double> more = new LinkedHashMap<>(seconds);
    more.put(stage.key(), Math.round(time * 1000) / 1000.0);
    return Changes.in(this, "seconds", more).owning(stage, files);
  }

  /** The same run before {@code stage}; the files of the stages stay listed. */
  RunRecord before(Stage stage) {
    Map<String, Double> less = new LinkedHashMap<>(seconds);
    stage.andLater().forEach(later -> less.remove(later.key()));
    return Changes.in(this, "seconds", less);
  }

  /** The same run, whose stage has these files; none where they are empty. */
  RunRecord owning(Stage stage, Map<String, String> files) {
    Map<String, Map<String, String>> others = new LinkedHashMap<>(outputs);
    if (files.isEmpty()) {
      others.remove(stage.key());
    } else {
      others.put(stage.key(), Collections.unmodifiableMap(new LinkedHashMap<>(files)));
    }
    return Changes.in(this, "outputs", others);
  }

  public RunRecord withPrune(PruneSettings other) {
    return Changes.in(this, "prune", other);
  }

  public RunRecord withExport(ExportSettings other) {
    return Changes.in(this, "export", other);
  }

  public RunRecord withImport(ImportSettings other) {
    return Changes.in(this, "imported", other);
  }

  public RunRecord withFrom(TransferSettings other) {
    return Changes.in(this, "from", other);
  }

  public RunRecord withRollbacks(List<Rollback> other) {
    return Changes.in(this, "rollbacks", other);
  }

  public RunRecord withImages(Map<String, ImagePart> other) {
    return Changes.in(this, "images", other);
  }
}
