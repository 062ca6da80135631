package shallows.pipeline.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.file.InsideFolder;
import shallows.model.file.IoReason;

/**
 * A run that this process works on: its folder is locked, and its record is kept on disk as it
 * changes.
 */
public final class OpenRun implements AutoCloseable {
  private final RunFolder folder;
  private final RunLock lock;
  private final boolean begun;
  private RunRecord record;

  private OpenRun(RunFolder folder, RunLock lock, RunRecord record, boolean begun) {
    this.folder = folder;
    this.lock = lock;
    this.record = record;
    this.begun = begun;
  }

  /**
   * Begins a run, or goes on with the one that the folder holds.
   *
   * @param fresh the record of the run to begin
   */
  public static OpenRun of(RunFolder folder, RunRecord fresh) {
    RunLock lock = RunLock.take(folder);
    try {
      boolean begins = !folder.holdsRun();
      if (begins) {
        fresh.write(folder.record());
      }
      return new OpenRun(folder, lock, RunRecord.read(folder.record()), begins);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** Goes on with a run that is there. */
  public static OpenRun existing(Path path) {
    RunFolder folder = RunFolder.existing(path);
    return of(folder, RunRecord.read(folder.record()));
  }

  public RunFolder folder() {
    return folder;
  }

  public RunRecord record() {
    return record;
  }

  /**
   * @throws BadInputException when somebody has removed the folder, or put another in its place
   */
  public void requireFolder() {
    lock.requireFolder();
  }

  /** Whether the stage ran to its end, and its files are as it wrote them. */
  public boolean isFinished(Stage stage) {
    return record.seconds().containsKey(stage.key())
        && !record.outputs(stage).isEmpty()
        && Outputs.fault(folder, record, stage).isEmpty();
  }

  /**
   * A stage begins. All that is there stays until the stage has its new files.
   *
   * @return an empty folder to write them into
   */
  public Path begin(Stage stage) {
    lock.requireFolder();
    Removal.fresh(folder, stage);
    try {
      return Files.createDirectory(folder.fresh(stage));
    } catch (IOException e) {
      throw BadInputException.of(
          folder.fresh(stage),
          "cannot be made (" + IoReason.of(e) + ")",
          Phrase.of("free space or choose another %s", Setting.OUT),
          e);
    }
  }

  /** A stage has failed: what it wrote goes, and the run is as it was. */
  public void abandon(Stage stage) {
    Removal.fresh(folder, stage);
  }

  /**
   * A stage has written its last file: the new files take the place of the old ones, and what later
   * stages made of the old ones goes. Where the new ones are the same, that stays. Killed halfway,
   * the stage counts as unfinished.
   *
   * @param changed the record with what the stage was asked for now
   */
  public void finish(Stage stage, double seconds, RunRecord changed) {
    lock.requireFolder();
    Map<String, String> made = Outputs.fresh(folder, stage);
    made.keySet().forEach(file -> InsideFolder.file(folder.root(), file));
    RunRecord done = changed;
    if (replaces(stage, changed)) {
      Map<String, String> owned = new LinkedHashMap<>(record.outputs(stage));
      owned.putAll(made);
      // Listed before they are there: even after a kill it is known which files are ours.
      keep(record.before(stage).owning(stage, owned));
      Removal.outputs(folder, record, stage, made.keySet());
      done = changed.before(stage);
      for (Stage later : stage.andLater()) {
        done = done.owning(later, Map.of());
      }
    }
    Outputs.moveInPlace(folder, stage);
    keep(done.finished(stage, seconds, made));
    Removal.fresh(folder, stage);
  }

  /**
   * Removes what jobs of a finished stage have left, and those of later ones, which were about what
   * there was before.
   *
   * @throws BadInputException when something of it cannot be removed; the stage is done even so
   */
  public void removeJobs(Stage stage) {
    Removal.jobs(folder, stage);
    stage.later().forEach(later -> Removal.jobs(folder, later));
  }

  /**
   * Whether what a stage has written differs from what is there, so that what later stages made of
   * that goes with {@link #finish}.
   *
   * @param changed as there
   */
  public boolean replaces(Stage stage, RunRecord changed) {
    return !Outputs.fresh(folder, stage).equals(record.outputs(stage)) || !changed.equals(record);
  }

  private void keep(RunRecord changed) {
    if (!changed.equals(record)) {
      changed.write(folder.record());
      record = changed;
    }
  }

  /**
   * What began here has failed. Where nothing has come of its first stage, not even a checkpoint or
   * a job, it goes with the folders that were made for it, so that the same can be given again.
   */
  public void fail() {
    if (begun
        && Files.isDirectory(folder.root())
        && record.seconds().isEmpty()
        && !Removal.holdsFiles(folder.train())
        && !Removal.holdsResults(folder, Stage.TRAIN)) {
      Removal.run(folder);
      lock.removeMade();
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
