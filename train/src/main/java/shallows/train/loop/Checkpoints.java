package shallows.train.loop;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import shallows.model.BadInputException;
import shallows.train.checkpoint.Checkpoint;
import shallows.train.checkpoint.CheckpointFolder;
import shallows.train.checkpoint.Restorable;

/**
 * Saves a training while it runs, and brings it back. What it saves is the state of every component
 * it is given; the rest of a training follows from its options and the step it is at.
 */
final class Checkpoints {
  private final CheckpointFolder folder;
  private final Map<String, String> identity;
  private final Map<String, Restorable> components;
  private final Consumer<String> remarks;
  private final long everyNanoseconds;
  private long last = System.nanoTime();

  /**
   * @param stepsAnEpoch of the training
   * @param identity what the training is of
   * @param components by name
   * @param remarks hears of damaged checkpoints
   */
  Checkpoints(
      Path folder,
      int stepsAnEpoch,
      Map<String, String> identity,
      Map<String, Restorable> components,
      Safeguards safeguards,
      Consumer<String> remarks) {
    this.folder = new CheckpointFolder(folder, stepsAnEpoch);
    this.identity = identity;
    this.components = components;
    this.remarks = remarks;
    everyNanoseconds = safeguards.checkpointEvery().toNanos();
  }

  /** Brings the components to where the last checkpoint left them, if there is one. */
  boolean resume() {
    Optional<CheckpointFolder.Found> found = folder.newest(remarks);
    found.ifPresent(this::restore);
    return found.isPresent();
  }

  private void restore(CheckpointFolder.Found found) {
    found.checkpoint().requireIdentity(found.file(), identity);
    found.checkpoint().restore(found.file(), components);
    last = System.nanoTime();
  }

  /** Whether the last checkpoint is as old as one may become. */
  boolean isDue() {
    return System.nanoTime() - last >= everyNanoseconds;
  }

  /**
   * @param step how many steps are done
   */
  void save(long step) {
    folder.keep(Checkpoint.of(identity, step, components));
    last = System.nanoTime();
  }

  /**
   * Goes back to the end of the last epoch, or the beginning of the training; to the one before
   * that where the training diverged from there once already. It is remembered on disk too.
   *
   * <p>Not to a later checkpoint: when those are written depends on the clock, and two trainings of
   * one seed would end differently.
   *
   * @param rollbacks one of the components
   * @return what was added to them
   */
  Rollback rollBack(Divergence divergence, Rollbacks rollbacks) {
    CheckpointFolder.Found found = goodEpoch(rollbacks);
    Rollback rollback = divergence.rollback(found.checkpoint().step());
    Rollbacks all = new Rollbacks();
    all.restore(rollbacks.state());
    all.add(rollback);
    restore(found);
    rollbacks.restore(all.state());
    // Killed before this is written, the training diverges and goes back once more, likewise.
    save(found.checkpoint().step());
    folder.forgetAfter(found.checkpoint().step());
    return rollback;
  }

  private CheckpointFolder.Found goodEpoch(Rollbacks rollbacks) {
    CheckpointFolder.Found last =
        folder
            .newestEpoch(Long.MAX_VALUE, remarks)
            .orElseThrow(
                () ->
                    new BadInputException(
                        folder.folder(),
                        "the checkpoint of an epoch to go back to",
                        "none",
                        "train into another folder, with a smaller learning rate"));
    long step = last.checkpoint().step();
    return rollbacks.wentBackTo(step) ? folder.newestEpoch(step, remarks).orElse(last) : last;
  }
}
