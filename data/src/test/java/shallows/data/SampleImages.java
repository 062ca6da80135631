package shallows.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Sets in memory and image files of known content. */
public final class SampleImages {
  private SampleImages() {}

  /** Random pixels; labels go round the classes. */
  public static LabelledImages random(int size, int classes, int channels, int height, int width) {
    byte[] pixels = new byte[size * channels * height * width];
    new Random(7).nextBytes(pixels);
    List<String> names = IntStream.range(0, classes).mapToObj(i -> "class" + i).toList();
    int[] labels = IntStream.range(0, size).map(i -> i % classes).toArray();
    return new LabelledImages("sample", names, channels, height, width, pixels, labels);
  }

  /** Two images of these unsigned values, one of each of two classes. */
  public static LabelledImages two(int channels, int height, int width, int... values) {
    byte[] pixels = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      pixels[i] = (byte) values[i];
    }
    return new LabelledImages(
        "two", List.of("a", "b"), channels, height, width, pixels, new int[] {0, 1});
  }

  /** One colour, red, green and blue in 24 bits. */
  public static BufferedImage colour(int height, int width, int rgb) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, rgb);
      }
    }
    return image;
  }

  /** One grey level in [0, 255]. */
  public static BufferedImage grey(int height, int width, int level) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, level);
      }
    }
    return image;
  }

  /** Writes an image in the format that its extension names. */
  public static Path write(Path file, BufferedImage image) {
    String name = file.getFileName().toString();
    try {
      Files.createDirectories(file.getParent());
      if (!ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile())) {
        throw new IllegalArgumentException("no writer for " + name);
      }
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One level again and again. */
  public static byte[] filled(int count, int level) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) level);
    return bytes;
  }

  /** Values in [0, 255] as bytes. */
  public static byte[] bytes(int[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  public static int[] unsigned(byte[] bytes) {
    return IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
  }
}
