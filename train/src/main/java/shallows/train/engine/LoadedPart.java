package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * One part of K batches on its device, batch after batch: n images of each.
 *
 * @param firstImage of the part in each batch
 * @param images n
 * @param batchSize images in each whole batch
 * @param allPixels {@code (K·n, C, H, W)}, channels last in memory
 * @param allTargets {@code (K·n, classes)}
 * @param allKept ones and zeros for each batch, block and image of it, {@code (K·blocks·n)}; null
 *     where blocks are on or off for all images alike
 */
record LoadedPart(
    int firstImage,
    int images,
    int batchSize,
    NDArray allPixels,
    NDArray allTargets,
    NDArray allKept) {

  /** One copy for all batches. */
  static NDArray targets(List<StepInput> inputs, int from, int to, int classes, NDManager near) {
    int size = (to - from) * classes;
    float[] targets = new float[inputs.size() * size];
    for (int k = 0; k < inputs.size(); k++) {
      System.arraycopy(inputs.get(k).targets(), from * classes, targets, k * size, size);
    }
    return near.create(targets, new Shape((long) inputs.size() * (to - from), classes));
  }

  /** One copy for all batches; null where there is nothing to copy. */
  static NDArray kept(List<StepInput> inputs, int from, int to, NDManager near) {
    if (inputs.get(0).gates().kept() == null) {
      return null;
    }
    int blocks = inputs.get(0).gates().kept().length;
    float[] kept = new float[inputs.size() * blocks * (to - from)];
    int next = 0;
    for (StepInput input : inputs) {
      for (boolean[] block : input.gates().kept()) {
        for (int i = from; i < to; i++) {
          kept[next++] = block[i] ? 1 : 0;
        }
      }
    }
    return near.create(kept);
  }

  /** {@code (n, C, H, W)} of batch k. */
  NDArray pixels(int k, NDManager own) {
    return rows(allPixels, k * images, images, own);
  }

  /** {@code (n, classes)} of batch k. */
  NDArray targets(int k, NDManager own) {
    return rows(allTargets, k * images, images, own);
  }

  /**
   * See {@link RunMode#kept}.
   *
   * @param on block by block whether it runs
   */
  NDArray[] kept(int k, boolean[] on, NDManager own) {
    if (allKept == null) {
      return null;
    }
    NDArray[] kept = new NDArray[on.length];
    for (int b = 0; b < kept.length; b++) {
      if (on[b]) {
        NDArray flat = rows(allKept, (k * kept.length + b) * images, images, own);
        kept[b] = flat.reshape(images, 1, 1, 1);
      }
    }
    return kept;
  }

  /** A view, whose manager gets what is computed of it. */
  private static NDArray rows(NDArray all, int from, int count, NDManager own) {
    NDArray rows =
        all.getShape().get(0) == count
            ? all.stopGradient()
            : all.get(new NDIndex("{}:{}", from, from + count));
    rows.attach(own);
    return rows;
  }
}
