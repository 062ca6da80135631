package shallows.data.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import shallows.model.BadInputException;
import shallows.model.file.RegularFile;

/**
 * Reads JPEG, PNG, BMP and GIF files (the first picture of an animation) into plain bytes. Values
 * are those that the file stores: no colour profile and no EXIF orientation is applied, 16 bits
 * lose the lower eight, and what is transparent is laid on white. The only class of this package
 * that needs the desktop part of Java.
 */
public final class ImageDecoder {
  private static final Set<String> FORMATS = Set.of("jpeg", "png", "bmp", "gif");

  /** While decoding: the picture up to 8, our copies of it 3 each. */
  private static final int BYTES_PER_PIXEL = 16;

  /** Java's picture is one array, of 4 bytes a pixel at the most common. */
  private static final long MOST_PIXELS = Integer.MAX_VALUE / 4;

  private ImageDecoder() {}

  /** What the head of an image file tells before its pixels are read. */
  public record Head(int height, int width, boolean grey) {}

  @FunctionalInterface
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  /**
   * The image as a network of this input size takes it, exactly as {@code ImageFolderReader} reads
   * it.
   *
   * @return unsigned, {@code (height, width, channels)}
   * @throws BadInputException when the file is missing or does not decode
   */
  public static byte[] decode(Path file, int channels, int height, int width) {
    return decode(file).withChannels(channels).fitted(height, width).bytes();
  }

  /**
   * The whole image as it is stored, 1 channel where the file holds only grey.
   *
   * @throws BadInputException when the file is missing or does not decode
   */
  public static ImagePixels decode(Path file) {
    return read(
        file,
        reader -> {
          requireRoom(file, reader);
          List<String> warnings = new ArrayList<>();
          reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
          BufferedImage image = reader.read(0);
          for (String warning : warnings) {
            // A truncated JPEG decodes to the part that is there, the rest grey, with no error.
            if (warning.toLowerCase(Locale.ROOT).contains("premature")) {
              throw new IIOException("truncated: " + warning);
            }
          }
          return pixels(image);
        });
  }

  /** Asked before decoding, which would end in a full heap. */
  private static void requireRoom(Path file, ImageReader reader) throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    long most = Math.min(MOST_PIXELS, Runtime.getRuntime().maxMemory() / BYTES_PER_PIXEL);
    if (pixels > most) {
      throw new BadInputException(
          file,
          "an image of at most "
              + most / 1_000_000
              + " million pixels, which is what the memory holds",
          reader.getWidth(0) + " x " + reader.getHeight(0),
          "make it smaller, or set SHALLOWS_JAVA_OPTS=-Xmx4g");
    }
  }

  public static Head head(Path file) {
    return read(
        file,
        reader -> {
          ImageTypeSpecifier stored = reader.getRawImageType(0);
          boolean grey = stored != null && isGrey(stored.getColorModel());
          return new Head(reader.getHeight(0), reader.getWidth(0), grey);
        });
  }

  private static <T> T read(Path file, Reading<T> reading) {
    try (ImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(RegularFile.bytes(file)))) {
      ImageReader reader = readerOf(in);
      try {
        reader.setInput(in, true, true);
        return reading.from(reader);
      } finally {
        reader.dispose();
      }
    } catch (BadInputException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new BadInputException(file, "an image", "no such file", "check its name", e);
    } catch (IOException | RuntimeException e) {
      // The decoders of the JDK answer damaged files with index and argument errors of all kinds.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      if (Files.isDirectory(file)) {
        throw new BadInputException(file, "an image", "a folder", "name a file", e);
      }
      throw new BadInputException(
          file,
          "a JPEG, PNG, BMP or GIF image",
          "one that does not decode (" + reason + ")",
          "remove or replace it",
          e);
    }
  }

  private static ImageReader readerOf(ImageInputStream in) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
        return reader;
      }
      reader.dispose();
    }
    throw new IIOException(in.read() < 0 ? "the file is empty" : "unknown format");
  }

  private static ImagePixels pixels(BufferedImage image) {
    ColorModel model = image.getColorModel();
    ImagePixels pixels = model instanceof ComponentColorModel ? stored(image) : coloured(image);
    return isGrey(model) ? pixels.withChannels(1) : pixels;
  }

  /** The samples themselves: getRGB would brighten grey, which it takes for linear light. */
  private static ImagePixels stored(BufferedImage image) {
    ColorModel model = image.getColorModel();
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int channels = model.getNumColorComponents();
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(channels + " colour components");
    }
    int drop = model.getComponentSize(0) - 8;
    int width = image.getWidth();
    byte[] bytes = new byte[image.getHeight() * width * channels];
    int[] row = new int[width * bands];
    int out = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int in = 0; in < row.length; in += bands) {
        int alpha = model.hasAlpha() ? row[in + channels] >> drop : 255;
        for (int c = 0; c < channels; c++) {
          bytes[out++] = onWhite(row[in + c] >> drop, alpha);
        }
      }
    }
    return new ImagePixels(channels, image.getHeight(), width, bytes);
  }

  /** Palettes and packed pixels. */
  private static ImagePixels coloured(BufferedImage image) {
    int width = image.getWidth();
    byte[] bytes = new byte[image.getHeight() * width * 3];
    int[] row = new int[width];
    int out = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        for (int shift = 16; shift >= 0; shift -= 8) {
          bytes[out++] = onWhite(argb >> shift & 0xff, argb >>> 24);
        }
      }
    }
    return new ImagePixels(3, image.getHeight(), width, bytes);
  }

  private static byte onWhite(int value, int alpha) {
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }

  private static boolean isGrey(ColorModel model) {
    if (model instanceof IndexColorModel palette) {
      for (int i = 0; i < palette.getMapSize(); i++) {
        int rgb = palette.getRGB(i);
        if ((rgb >> 16 & 0xff) != (rgb & 0xff) || (rgb >> 8 & 0xff) != (rgb & 0xff)) {
          return false;
        }
      }
      return true;
    }
    return model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }
}
