package shallows.data;

/**
 * Images are kept, normalized and given to every engine with the channels last, {@code (N, H, W,
 * C)}. Graphs have them first; an engine that computes so turns them here.
 */
public final class PixelOrder {
  private PixelOrder() {}

  /**
   * {@code (N, H, W, C)} to {@code (N, C, H, W)}.
   *
   * @param count N
   * @return the same array where both orders are one
   */
  public static float[] channelsFirst(float[] images, int count, int channels) {
    return turned(images, images.length / count / channels, channels);
  }

  /** {@code (N, C, H, W)} to {@code (N, H, W, C)}, and filters likewise; as above. */
  public static float[] channelsLast(float[] images, int count, int channels) {
    return turned(images, channels, images.length / count / channels);
  }

  /** {@code (outer, rows, columns)} to {@code (outer, columns, rows)}. */
  private static float[] turned(float[] values, int rows, int columns) {
    if (rows == 1 || columns == 1) {
      return values;
    }
    float[] turned = new float[values.length];
    int to = 0;
    for (int from = 0; from < values.length; from += rows * columns) {
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < rows; row++) {
          turned[to++] = values[from + row * columns + column];
        }
      }
    }
    return turned;
  }
}
