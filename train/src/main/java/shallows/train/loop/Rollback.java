package shallows.train.loop;

import java.util.Locale;
import shallows.model.Expect;

/**
 * One time that a training diverged and went back.
 *
 * @param epoch in which it diverged, from 1
 * @param step of the whole training at which it did, from 1
 * @param loss NaN or infinite, as text: JSON has no such numbers
 * @param learningRate of that step
 * @param backTo how many steps were done at the checkpoint it went back to
 */
public record Rollback(int epoch, long step, String loss, double learningRate, long backTo) {
  public Rollback {
    Expect.atLeast(1, "epoch", epoch);
    Expect.atLeast(1, "step", step);
    Expect.text("loss", loss);
    Expect.positive("learningRate", learningRate);
    Expect.atLeast(0, "backTo", backTo);
  }

  /**
   * To a person who watches.
   *
   * @param count how many there have been, this one included
   */
  String inWords(int count) {
    return String.format(
        Locale.ROOT,
        "the loss was %s at step %d with learning rate %.4g; back to step %d at half the rate"
            + " (%d of %d times)",
        loss,
        step,
        learningRate,
        backTo,
        count,
        Rollbacks.MOST);
  }
}
