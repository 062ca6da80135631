package shallows.data;

import java.util.OptionalLong;

/** Where the pixels of a set's images are, each {@code (H, W, C)} and unsigned. */
public interface PixelStore {
  /** An array that holds an image from {@link #offset} on; nobody changes it. */
  byte[] array(int row);

  /** Where the image begins in its {@link #array}. */
  int offset(int row);

  /**
   * Says which images will be asked for next, in this order. A store that has to fetch them begins
   * to; what was said before no longer holds.
   */
  void readAhead(int[] rows);

  /** What people find an image again by: its file, or the number of the row, for example #12. */
  default String source(int row) {
    return "#" + row;
  }

  /** The {@link ContentHash} of an image's pixels, where it is known without asking for them. */
  default OptionalLong content(int row) {
    return OptionalLong.empty();
  }

  /** How long callers have waited for images so far, in ns. */
  long waitedNanos();
}
