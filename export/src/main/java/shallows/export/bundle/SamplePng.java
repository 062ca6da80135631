package shallows.export.bundle;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import shallows.data.LabelledImages;

/** An image as a PNG that decodes to the same pixels. */
final class SamplePng {
  private SamplePng() {}

  /** Grey or colour, as the images are. */
  static byte[] of(LabelledImages images, int index) {
    int width = images.width();
    int height = images.height();
    boolean grey = images.channels() == 1;
    BufferedImage image =
        new BufferedImage(
            width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
    byte[] pixels = images.image(index);
    int[] samples = new int[pixels.length];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = pixels[i] & 0xff;
    }
    // Into the raster: setRGB would correct the gamma of a grey image.
    image.getRaster().setPixels(0, 0, width, height, samples);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // In memory: ImageIO's default would make a temporary file for each image.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory fails", e);
    }
    return bytes.toByteArray();
  }
}
