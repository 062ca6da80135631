package shallows.data.decode;

/**
 * Of a large picture every k-th pixel of every k-th row is read. k is the smallest that leaves at
 * most {@value #ENOUGH} pixels, but leaves each side at least twice the size that the picture is
 * then resized to, so that the resize still has something to average. It depends on the picture and
 * on that size, and on no memory.
 */
final class Subsampling {
  /** A picture of 12 megapixels is read as it is, one of 48 at half its height and width. */
  static final int ENOUGH = 16_000_000;

  private Subsampling() {}

  /**
   * @param toHeight that the picture becomes, in pixels, as it lies in the file
   * @param toWidth likewise
   * @return k, at least 1
   */
  static int of(int height, int width, int toHeight, int toWidth) {
    int step = 1;
    while (pixels(height, width, step) > ENOUGH
        && height / (step + 1) >= 2L * toHeight
        && width / (step + 1) >= 2L * toWidth) {
      step++;
    }
    return step;
  }

  /** How many are read with a step of k. */
  static long pixels(int height, int width, int step) {
    return (long) ((height + step - 1) / step) * ((width + step - 1) / step);
  }
}
