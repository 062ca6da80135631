package shallows.data;

/**
 * All images in one array, one after the other.
 *
 * @param pixels {@code (N, H, W, C)}
 * @param imageBytes {@code H * W * C}
 */
public record PixelsInMemory(byte[] pixels, int imageBytes) implements PixelStore {
  @Override
  public byte[] array(int row) {
    return pixels;
  }

  @Override
  public int offset(int row) {
    return row * imageBytes;
  }

  @Override
  public void readAhead(int[] rows) {
    // They are here.
  }

  @Override
  public long waitedNanos() {
    return 0;
  }
}
