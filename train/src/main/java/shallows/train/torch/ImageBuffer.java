package shallows.train.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Carries batches of images to torch through one piece of memory outside the heap, which torch
 * reads in place. A batch is valid until the next one is loaded.
 */
final class ImageBuffer {
  private final shallows.model.graph.Shape image;
  private ByteBuffer memory = ByteBuffer.allocateDirect(0);

  /**
   * @param image {@code (C, H, W)}
   */
  ImageBuffer(shallows.model.graph.Shape image) {
    this.image = image;
  }

  /**
   * The images as torch's fast layout wants them: shape {@code (N, C, H, W)} over channels-last
   * memory, which the operations after it keep.
   *
   * @param pixels {@code (N, H, W, C)} of these images and perhaps others
   * @param from the first image to load
   * @param count how many
   */
  NDArray load(float[] pixels, int from, int count, NDManager manager) {
    int size = count * image.size();
    if (memory.capacity() < size * Float.BYTES) {
      memory = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder());
    }
    memory.clear();
    memory.asFloatBuffer().put(pixels, from * image.size(), size);
    memory.limit(size * Float.BYTES);
    Shape channelsLast =
        new Shape(count, image.dimension(1), image.dimension(2), image.dimension(0));
    try (NDArray batch = manager.create(memory, channelsLast, DataType.FLOAT32)) {
      return batch.transpose(0, 3, 1, 2);
    }
  }
}
