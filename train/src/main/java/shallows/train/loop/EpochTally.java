package shallows.train.loop;

import java.util.Locale;
import shallows.model.Expect;
import shallows.model.json.JsonFormat;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;

/** How far the epoch under way is, and what its steps add up to. */
final class EpochTally implements Restorable {
  private static final String SUMS = "sums";

  /**
   * @param steps done
   * @param loss sum over the steps, in nats
   * @param right images that got the class of their label
   * @param active sum over the steps of the blocks that were on
   * @param seconds spent in steps, those before an interruption included
   * @param waiting of these, seconds until images came from their files
   */
  private record Sums(
      int steps, double loss, long right, long active, double seconds, double waiting) {
    private Sums {
      Expect.atLeast(0, "steps", steps);
      Expect.atLeast(0, "right", right);
      Expect.atLeast(0, "active", active);
      Expect.notNegative("seconds", seconds);
      Expect.notNegative("waiting", waiting);
    }
  }

  private static final JsonFormat<Sums> FORMAT = new JsonFormat<>(Sums.class, "sums", null);

  private static final Sums NOTHING = new Sums(0, 0, 0, 0, 0, 0);
  private Sums sums = NOTHING;

  void add(StepGroups.Done done) {
    int active = 0;
    for (boolean on : done.step().on()) {
      active += on ? 1 : 0;
    }
    sums =
        new Sums(
            sums.steps + 1,
            sums.loss + done.outcome().loss(),
            sums.right + done.outcome().right(),
            sums.active + active,
            sums.seconds + done.seconds(),
            sums.waiting + done.step().waiting());
  }

  /** The next epoch begins. */
  void clear() {
    sums = NOTHING;
  }

  int steps() {
    return sums.steps;
  }

  /** Mean over the steps so far, in nats. */
  double loss() {
    return sums.loss / sums.steps;
  }

  /** Share of right answers so far, for steps of {@code batchSize} images. */
  double accuracy(int batchSize) {
    return (double) sums.right / sums.steps / batchSize;
  }

  /** Mean number of blocks that were on. */
  double activeBlocks() {
    return (double) sums.active / sums.steps;
  }

  double seconds() {
    return sums.seconds;
  }

  /** Share of the time that steps waited for images to come from their files, in [0, 1]. */
  double waiting() {
    return sums.waiting / sums.seconds;
  }

  /** Images a second so far. */
  double imagesPerSecond(int batchSize) {
    return (double) sums.steps * batchSize / sums.seconds;
  }

  /** All of it for a person. */
  String words(int batchSize, int blocks) {
    return String.format(
        Locale.ROOT,
        "loss %.3f, accuracy %.1f %%, blocks %.1f/%d, %.0f images/s%s",
        loss(),
        100 * accuracy(batchSize),
        activeBlocks(),
        blocks,
        imagesPerSecond(batchSize),
        // Images in memory keep nobody waiting.
        sums.waiting == 0
            ? ""
            : String.format(Locale.ROOT, ", %.0f %% waiting for images", 100 * waiting()));
  }

  @Override
  public State state() {
    return State.ofText(SUMS, JsonFormat.compact(sums));
  }

  @Override
  public void restore(State state) {
    sums = state.value(SUMS, FORMAT);
  }
}
