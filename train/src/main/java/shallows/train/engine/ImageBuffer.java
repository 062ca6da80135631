package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

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
    return load(List.of(pixels), from, count, manager);
  }

  /**
   * The same images of several batches, batch after batch, in one copy.
   *
   * @param batches each {@code (N, H, W, C)}
   */
  NDArray load(List<float[]> batches, int from, int count, NDManager manager) {
    int size = count * image.size();
    int bytes = Math.multiplyExact(batches.size() * size, Float.BYTES);
    if (memory.capacity() < bytes) {
      memory = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
    memory.clear();
    FloatBuffer floats = memory.asFloatBuffer();
    batches.forEach(pixels -> floats.put(pixels, from * image.size(), size));
    memory.limit(bytes);
    Shape channelsLast =
        new Shape(
            (long) batches.size() * count,
            image.dimension(1),
            image.dimension(2),
            image.dimension(0));
    try (NDArray batch = manager.create(memory, channelsLast, DataType.FLOAT32)) {
      return batch.transpose(0, 3, 1, 2);
    }
  }
}
