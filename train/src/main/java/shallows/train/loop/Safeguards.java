package shallows.train.loop;

import java.time.Duration;

/**
 * What keeps a training alive. None of it changes what comes out of one in which nothing goes
 * wrong.
 *
 * @param resume whether to go on from the folder's last checkpoint, if it has one; otherwise its
 *     checkpoints are deleted
 * @param checkpointEvery the longest time between two checkpoints, at least 0 (0: one every step);
 *     one comes after every epoch besides
 * @param onDivergence what to do when the loss is no longer a number
 */
public record Safeguards(boolean resume, Duration checkpointEvery, OnDivergence onDivergence) {
  /** Few enough minutes to lose, and long beside the second that a large network takes to save. */
  public static final int CHECKPOINT_MINUTES = 10;

  /** What to do when the loss becomes NaN or infinite. */
  public enum OnDivergence {
    /** End the training and keep its checkpoints. */
    STOP,
    /** Go back to the end of the last good epoch and on from there at half the learning rate. */
    ROLLBACK
  }

  public Safeguards {
    if (checkpointEvery.isNegative()) {
      throw new IllegalArgumentException(
          "checkpointEvery must be at least 0, was " + checkpointEvery);
    }
  }

  /** A training from its beginning that stops when it diverges. */
  public static Safeguards standard() {
    return new Safeguards(false, Duration.ofMinutes(CHECKPOINT_MINUTES), OnDivergence.STOP);
  }

  public Safeguards withResume(boolean other) {
    return new Safeguards(other, checkpointEvery, onDivergence);
  }
}
