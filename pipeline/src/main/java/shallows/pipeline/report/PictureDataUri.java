package shallows.pipeline.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import shallows.data.decode.ImagePixels;

/**
 * An image inside the page, which must stay small: as it is where it is small, as PNG; else shrunk
 * to {@value #LARGEST} pixels, as JPEG.
 */
final class PictureDataUri {
  /** Pixels of a side, for places of 84 CSS pixels on a fine screen. */
  private static final int LARGEST = 128;

  /** Pixels up to which a PNG is about as small as a JPEG, and exact. */
  private static final int EXACT = 64 * 64;

  private PictureDataUri() {}

  static String of(Picture picture) {
    int longer = Math.max(picture.height(), picture.width());
    ImagePixels pixels =
        new ImagePixels(picture.channels(), picture.height(), picture.width(), picture.pixels());
    if (longer > LARGEST) {
      pixels =
          pixels.fitted(
              Math.max(1, picture.height() * LARGEST / longer),
              Math.max(1, picture.width() * LARGEST / longer));
    }
    String format = pixels.height() * pixels.width() <= EXACT ? "png" : "jpeg";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // In memory: ImageIO's default would make a temporary file for each image.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image(pixels), format, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = Base64.getEncoder().encodeToString(bytes.toByteArray());
    return "data:image/" + format + ";base64," + text;
  }

  private static BufferedImage image(ImagePixels pixels) {
    BufferedImage image =
        new BufferedImage(pixels.width(), pixels.height(), BufferedImage.TYPE_INT_RGB);
    byte[] bytes = pixels.bytes();
    int channels = pixels.channels();
    for (int y = 0; y < pixels.height(); y++) {
      for (int x = 0; x < pixels.width(); x++) {
        int at = (y * pixels.width() + x) * channels;
        int red = bytes[at] & 0xff;
        int green = channels == 1 ? red : bytes[at + 1] & 0xff;
        int blue = channels == 1 ? red : bytes[at + 2] & 0xff;
        // setRGB on an RGB image stores the value as it is; a grey image would be gamma-corrected.
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    return image;
  }
}
