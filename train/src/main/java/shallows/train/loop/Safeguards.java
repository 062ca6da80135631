package shallows.train.loop;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import shallows.model.Expect;
import shallows.model.Setting;

/**
 * What keeps a training alive, and within its time. None of it changes what comes out of one in
 * which nothing goes wrong and that has the time it takes.
 *
 * @param resume whether to go on from the folder's last checkpoint, if it has one; otherwise its
 *     checkpoints are deleted
 * @param checkpointEvery the longest time between two checkpoints, at least 0 (0: one every step);
 *     one comes after every epoch besides
 * @param onDivergence what to do when the loss is no longer a number
 * @param timeLimit of the training, interrupted starts included, positive: it ends with an epoch,
 *     at least the first, when another one that takes as long as the last would go beyond. Its
 *     checkpoint stays, from which it goes on where more time is given. Empty for none
 */
public record Safeguards(
    boolean resume,
    Duration checkpointEvery,
    OnDivergence onDivergence,
    Optional<Duration> timeLimit) {
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
    timeLimit.ifPresent(
        limit ->
            Expect.require(
                limit.compareTo(Duration.ZERO) > 0, Setting.TIME_LIMIT, "more than 0", limit));
  }

  /** As long as it takes. */
  public Safeguards(boolean resume, Duration checkpointEvery, OnDivergence onDivergence) {
    this(resume, checkpointEvery, onDivergence, Optional.empty());
  }

  /** A training from its beginning that stops when it diverges. */
  public static Safeguards standard() {
    return new Safeguards(false, Duration.ofMinutes(CHECKPOINT_MINUTES), OnDivergence.STOP);
  }

  public Safeguards withResume(boolean other) {
    return new Safeguards(other, checkpointEvery, onDivergence, timeLimit);
  }

  public Safeguards withTimeLimit(Duration other) {
    return new Safeguards(resume, checkpointEvery, onDivergence, Optional.of(other));
  }

  /**
   * Whether another epoch ends within the time limit.
   *
   * @param epochs at least one
   */
  public boolean haveTimeAfter(List<Epoch> epochs) {
    double now = epochs.get(epochs.size() - 1).seconds();
    double before = epochs.size() == 1 ? 0 : epochs.get(epochs.size() - 2).seconds();
    return timeLimit.isEmpty() || now + (now - before) <= timeLimit.get().toNanos() / 1e9;
  }
}
