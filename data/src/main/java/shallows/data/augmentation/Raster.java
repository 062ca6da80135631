package shallows.data.augmentation;

import java.util.Locale;

/**
 * One image on its way through the changes. Each gives a new one and leaves this as it is.
 *
 * @param pixels unsigned, {@code (H, W, C)}
 * @param height H, in pixels
 * @param width W, in pixels
 * @param channels C; 3 are red, green and blue, any other number is taken for shades
 */
public record Raster(byte[] pixels, int height, int width, int channels) {
  private static final int COLOURS = 3;

  public Raster {
    if (pixels.length != height * width * channels) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected %dx%dx%d pixels, found %d bytes",
              height,
              width,
              channels,
              pixels.length));
    }
  }

  boolean hasColours() {
    return channels == COLOURS;
  }

  /** The same size with these pixels. */
  Raster with(byte[] others) {
    return new Raster(others, height, width, channels);
  }
}
