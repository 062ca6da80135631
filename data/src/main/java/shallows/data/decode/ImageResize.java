package shallows.data.decode;

/**
 * Resizing with a triangle filter that widens when it shrinks, so every source pixel counts
 * (antialiased bilinear). Along an axis of {@code in} pixels that becomes {@code out} pixels, with
 * {@code scale = in / out} and {@code support = max(1, scale)}, pixel x of the result is
 *
 * <pre>
 *   sum_i w_i v_i / sum_i w_i,   w_i = max(0, 1 - |i + 0.5 - (x + 0.5) scale| / support)
 * </pre>
 *
 * <p>First along the rows, then along the columns, each rounded to a byte. The weights are integers
 * of 22 bits, so that every machine, a phone too, gives the same bytes. It is the method of
 * Pillow's {@code Image.resize} with {@code BILINEAR}. Plain arrays only: no class of a desktop's
 * Java is needed.
 */
public final class ImageResize {
  /** A pixel has 8 bits, so a weighted sum has 30 and stays in an int. */
  private static final int PRECISION = 22;

  private ImageResize() {}

  /**
   * @param pixels unsigned, {@code (H, W, C)}
   * @return unsigned, {@code (toHeight, toWidth, C)}; the array given when no axis changes
   */
  public static byte[] resize(
      byte[] pixels, int height, int width, int channels, int toHeight, int toWidth) {
    if (toHeight < 1 || toWidth < 1) {
      throw new IllegalArgumentException(
          "expected a size of at least 1x1, found " + toHeight + "x" + toWidth);
    }
    byte[] rows = pixels;
    if (toWidth != width) {
      // Row by row: pixels of a row lie C apart.
      rows = alongAxis(pixels, height, width, channels, toWidth);
    }
    if (toHeight != height) {
      // The same again with a whole row for a pixel: pixels of a column lie a row apart.
      rows = alongAxis(rows, 1, height, toWidth * channels, toHeight);
    }
    return rows;
  }

  /** Resizes the middle axis: {@code (outer, from, inner)} becomes {@code (outer, to, inner)}. */
  private static byte[] alongAxis(byte[] pixels, int outer, int from, int inner, int to) {
    byte[] result = new byte[Math.multiplyExact(Math.multiplyExact(outer, to), inner)];
    double scale = (double) from / to;
    double support = Math.max(1, scale);
    for (int x = 0; x < to; x++) {
      double centre = (x + 0.5) * scale;
      int first = Math.max(0, (int) (centre - support + 0.5));
      int last = Math.min(from, (int) (centre + support + 0.5));
      int[] weights = weights(first, last, centre, support);
      for (int o = 0; o < outer; o++) {
        int out = (o * to + x) * inner;
        int in = (o * from + first) * inner;
        for (int c = 0; c < inner; c++) {
          int sum = 1 << (PRECISION - 1);
          for (int k = 0, p = in + c; k < weights.length; k++, p += inner) {
            sum += weights[k] * (pixels[p] & 0xff);
          }
          // Rounded weights may add up to a little more than 1.
          result[out + c] = (byte) Math.min(255, sum >> PRECISION);
        }
      }
    }
    return result;
  }

  private static int[] weights(int first, int last, double centre, double support) {
    double[] triangle = new double[last - first];
    double total = 0;
    for (int k = 0; k < triangle.length; k++) {
      triangle[k] = Math.max(0, 1 - Math.abs((first + k - centre + 0.5) * (1 / support)));
      total += triangle[k];
    }
    int[] weights = new int[triangle.length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] = (int) (0.5 + triangle[k] / total * (1 << PRECISION));
    }
    return weights;
  }
}
