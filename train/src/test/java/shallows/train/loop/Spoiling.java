package shallows.train.loop;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Has a training diverge where a test wants it, on every processor: the loss of one batch is no
 * number the first times that it is computed. Batches are told apart by their pixels, so those that
 * are gone through again after a rollback are known.
 */
final class Spoiling implements TargetRule {
  private final int step;
  private final List<Integer> seen = new ArrayList<>();
  private int times;

  /**
   * @param step whose batch it is, counted from 1 over the whole training; no batch before may be
   *     like it
   * @param times how often it diverges; after that it does not
   */
  Spoiling(int step, int times) {
    this.step = step;
    this.times = times;
  }

  @Override
  public void apply(float[] pixels, int count, float[] targets) {
    int batch = Arrays.hashCode(pixels);
    if (!seen.contains(batch)) {
      seen.add(batch);
    }
    if (seen.indexOf(batch) == step - 1 && times > 0) {
      times--;
      targets[0] = Float.NaN;
    }
  }
}
