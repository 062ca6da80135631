package shallows.pipeline.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pixels as a PNG inside the page. */
final class PngDataUri {
  private PngDataUri() {}

  static String of(Sample sample) {
    BufferedImage image =
        new BufferedImage(sample.width(), sample.height(), BufferedImage.TYPE_INT_RGB);
    byte[] pixels = sample.pixels();
    int channels = sample.channels();
    for (int y = 0; y < sample.height(); y++) {
      for (int x = 0; x < sample.width(); x++) {
        int at = (y * sample.width() + x) * channels;
        int red = pixels[at] & 0xff;
        int green = channels == 1 ? red : pixels[at + 1] & 0xff;
        int blue = channels == 1 ? red : pixels[at + 2] & 0xff;
        // setRGB on an RGB image stores the value as it is; a grey image would be gamma-corrected.
        image.setRGB(x, y, red << 16 | green << 8 | blue);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // In memory: ImageIO's default would make a temporary file for each image.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
