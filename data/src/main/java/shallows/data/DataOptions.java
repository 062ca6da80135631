package shallows.data;

import java.util.OptionalInt;

/**
 * How images are read.
 *
 * @param size height and width that every image is brought to; empty keeps the size of the images,
 *     or, where they differ, the median of their shorter sides, at most 64
 * @param skipBroken whether an image that does not decode is left out instead of refused
 * @param seed chooses the test images where a folder does not set them apart; the same data opened
 *     again needs the same seed, or test images become training images
 */
public record DataOptions(OptionalInt size, boolean skipBroken, long seed) {
  public DataOptions {
    if (size == null) {
      throw new IllegalArgumentException("size: expected a size or none, found null");
    }
    if (size.isPresent() && size.getAsInt() < 1) {
      throw new IllegalArgumentException("size: must be at least 1, was " + size.getAsInt());
    }
  }

  /** The size of the images themselves, broken images refused. */
  public static DataOptions ofSeed(long seed) {
    return new DataOptions(OptionalInt.empty(), false, seed);
  }
}
