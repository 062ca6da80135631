package shallows.cli.folder;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A run that this process works on: its folder is locked, and its record is kept on disk as it
 * changes.
 */
public final class OpenRun implements AutoCloseable {
  private final RunFolder folder;
  private final RunLock lock;
  private RunRecord record;

  private OpenRun(RunFolder folder, RunLock lock, RunRecord record) {
    this.folder = folder;
    this.lock = lock;
    this.record = record;
  }

  /**
   * Begins a run, or goes on with the one that the folder holds.
   *
   * @param fresh the record of the run to begin
   */
  public static OpenRun of(RunFolder folder, RunRecord fresh) {
    RunLock lock = RunLock.take(folder);
    try {
      if (!folder.holdsRun()) {
        fresh.write(folder.record());
      }
      return new OpenRun(folder, lock, RunRecord.read(folder.record()));
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

  /** Whether the stage ran to its end, its outputs are there, and no stage before it ran since. */
  public boolean isFinished(Stage stage) {
    return record.seconds().containsKey(stage.key()) && Files.exists(lastFile(stage));
  }

  private Path lastFile(Stage stage) {
    return switch (stage) {
      case TRAIN -> folder.fullModel();
      case PRUNE -> folder.prunedModel();
      case EXPORT -> folder.exportedTask();
      case VERIFY -> folder.verification();
      case REPORT -> folder.page();
    };
  }

  /** Another budget; what was pruned for the old one no longer counts. */
  public void change(PruneSettings prune) {
    if (!prune.equals(record.prune())) {
      keep(record.before(Stage.PRUNE).withPrune(prune));
    }
  }

  /** Other files; what was exported before no longer counts. */
  public void change(ExportSettings export) {
    if (!export.equals(record.export())) {
      keep(record.before(Stage.EXPORT).withExport(export));
    }
  }

  /**
   * A stage begins: its outputs and those of the stages after it go.
   *
   * @param goOn whether the stage goes on from outputs of its own, which then stay
   */
  public void begin(Stage stage, boolean goOn) {
    keep(record.before(stage));
    if (!goOn) {
      Removal.outputs(folder, stage);
    } else if (stage != Stage.REPORT) {
      Removal.outputs(folder, Stage.values()[stage.ordinal() + 1]);
    }
  }

  /** A stage has written its last file. */
  public void finish(Stage stage, double seconds) {
    keep(record.finished(stage, seconds));
  }

  private void keep(RunRecord changed) {
    if (!changed.equals(record)) {
      changed.write(folder.record());
      record = changed;
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
