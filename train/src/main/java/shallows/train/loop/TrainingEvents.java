package shallows.train.loop;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.train.evidence.StepLog;
import shallows.train.tensorboard.EventFile;

/**
 * What a training tells TensorBoard: every few steps the loss, after each epoch all that {@code
 * history.csv} has and the survival probability of each block. Steps are those of the training,
 * from 1.
 */
final class TrainingEvents implements AutoCloseable {
  /** Few enough for a file of a long training to stay small. */
  static final int EVERY = 20;

  private final EventFile file;

  private TrainingEvents(EventFile file) {
    this.file = file;
  }

  /**
   * @param folder null for nowhere
   * @param step how many steps were done
   */
  static TrainingEvents begin(Path folder, long step) {
    return new TrainingEvents(
        folder == null ? null : EventFile.begin(Trainer.events(folder), step));
  }

  /** The training went back. */
  void restart(long step) {
    if (file != null) {
      file.restart(step);
    }
  }

  /** A step was done. */
  void step(StepLog steps, double learningRate) {
    if (file == null || steps.size() % EVERY != 0) {
      return;
    }
    double loss = 0;
    for (int step = steps.size() - EVERY; step < steps.size(); step++) {
      loss += steps.loss(step);
    }
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/" + EVERY + " steps", loss / EVERY);
    scalars.put("learning rate", learningRate);
    file.scalars(steps.size(), scalars);
  }

  /**
   * An epoch was finished.
   *
   * @param survival probability of each block
   */
  void epoch(StepLog steps, Epoch epoch, float[] survival) {
    if (file == null) {
      return;
    }
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("loss/train", epoch.trainLoss());
    scalars.put("loss/held-out", epoch.heldOutLoss());
    scalars.put("accuracy/train", epoch.trainAccuracy());
    scalars.put("accuracy/held-out", epoch.heldOutAccuracy());
    scalars.put("active blocks", epoch.activeBlocks());
    scalars.put("images per second", epoch.imagesPerSecond());
    List<String> blocks = steps.blocks();
    for (int b = 0; b < survival.length; b++) {
      scalars.put("survival/" + blocks.get(b), (double) survival[b]);
    }
    file.scalars(steps.size(), scalars);
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
