package shallows.export.quantize.calibrate;

import java.util.List;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;

/**
 * Goes through images some at a time, on all processors. Each batch is computed by one thread in
 * one order of sums, so that the same images give the same bits however many processors there are.
 */
final class ImageBatches {
  private final LabelledImages images;
  private final Normalization normalization;
  private final int size;

  /** What is done with one batch. */
  interface Work<T> {
    /**
     * @param from the first image of it
     * @param pixels {@code (N, H, W, C)}
     * @param count N
     */
    T of(int from, float[] pixels, int count);
  }

  /**
   * @param size images of a batch, at least 1
   */
  ImageBatches(LabelledImages images, Task task, int size) {
    this.images = images;
    this.normalization = task.normalization();
    this.size = size;
  }

  /** The results in the order of the images; the work is done in any. */
  <T> List<T> map(Work<T> work) {
    int batches = (images.size() + size - 1) / size;
    return IntStream.range(0, batches)
        .parallel()
        .mapToObj(
            batch -> {
              int from = batch * size;
              int to = Math.min(from + size, images.size());
              return work.of(from, images.normalized(from, to, normalization), to - from);
            })
        .toList();
  }
}
