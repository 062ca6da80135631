package shallows.train.loop;

import java.util.Arrays;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;

/** The loss that each image of a training had when it was last seen, in nats. */
final class LastLosses implements Restorable {
  private final float[] losses;

  /**
   * @param images in the training set
   */
  LastLosses(int images) {
    losses = new float[images];
    Arrays.fill(losses, Float.NaN);
  }

  /**
   * How difficult a batch is: the mean over its images that were seen before; NaN if none was. The
   * few that an earlier epoch left out tell nothing, and must not hide what the others do.
   *
   * @param indices of its images
   */
  float difficulty(int[] indices) {
    double sum = 0;
    int seen = 0;
    for (int index : indices) {
      if (!Float.isNaN(losses[index])) {
        sum += losses[index];
        seen++;
      }
    }
    return (float) (sum / seen);
  }

  /**
   * @param indices of the images of a batch
   * @param seen their losses now
   */
  void replace(int[] indices, float[] seen) {
    for (int i = 0; i < indices.length; i++) {
      losses[indices[i]] = seen[i];
    }
  }

  @Override
  public State state() {
    return Restorable.of(losses).state();
  }

  @Override
  public void restore(State state) {
    Restorable.of(losses).restore(state);
  }
}
