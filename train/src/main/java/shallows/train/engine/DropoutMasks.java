package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Draws which values dropout keeps (Srivastava et al. 2014, in the form that scales while training:
 * a kept value counts 1 / (1 − rate) times, so that evaluation changes nothing). Every image of a
 * batch has a stream of random numbers for each node, so a mask depends on the seed alone, not on
 * the part or the thread in which the image is computed. Torch's own dropout draws from one
 * generator for all threads.
 *
 * @param seed of the step
 * @param firstImage of this part in its batch
 */
record DropoutMasks(long seed, int firstImage) {
  private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;
  private static final double TWO_TO_32 = 4294967296.0;
  private static final long LOW_HALF = 0xffffffffL;

  /**
   * Zero with probability {@code rate}, else 1 / (1 − rate), independently.
   *
   * @param node the name of the dropout
   * @param shape {@code (N, C, H, W)} or {@code (N, F)} of this part
   */
  NDArray draw(String node, float rate, Shape shape, NDManager manager) {
    int images = (int) shape.get(0);
    int size = (int) (shape.size() / images);
    float[] mask = new float[images * size];
    long threshold = Math.round(rate * TWO_TO_32);
    float kept = 1 / (1 - rate);
    for (int n = 0; n < images; n++) {
      long state = mix(mix(seed + node.hashCode() * GOLDEN_RATIO) + firstImage + n);
      int end = (n + 1) * size;
      for (int i = n * size; i < end; i += 2) {
        // One number of 64 bits serves two values.
        state += GOLDEN_RATIO;
        long bits = mix(state);
        mask[i] = (bits & LOW_HALF) < threshold ? 0 : kept;
        if (i + 1 < end) {
          mask[i + 1] = bits >>> 32 < threshold ? 0 : kept;
        }
      }
    }
    if (shape.dimension() != 4) {
      return OwnedByTorch.of(mask, shape, manager);
    }
    // In the channels-last layout, as the values that it is multiplied with.
    Shape channelsLast = new Shape(images, shape.get(2), shape.get(3), shape.get(1));
    try (NDArray drawn = OwnedByTorch.of(mask, channelsLast, manager)) {
      return drawn.transpose(0, 3, 1, 2);
    }
  }

  /** SplitMix64 (Steele, Lea and Flood 2014): a counter, and this finalizer. */
  private static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
