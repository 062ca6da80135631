package shallows.data.decode;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import shallows.model.BadInputException;
import shallows.model.file.RegularFile;

/**
 * Reads JPEG, PNG, BMP, GIF, TIFF and WebP files (the first picture of several) into plain bytes,
 * as a person sees them: upright ({@link ExifOrientation}), in sRGB ({@link SrgbColours}), what is
 * transparent on white, 16 bits without the lower eight. Grey is what the file stores, whatever its
 * profile. Of large pictures every second or third pixel is read ({@link Subsampling}).
 */
public final class ImageDecoder {
  /** More is no photo; its compressed data alone would fill the memory. */
  private static final long MOST_PIXELS = 500_000_000;

  /** While decoding: Java's picture, ours, and ours turned upright. */
  private static final int BYTES_PER_PIXEL = 8;

  private ImageDecoder() {}

  /** What the head of an image file tells before its pixels are read; sizes are upright ones. */
  public record Head(int height, int width, boolean grey) {}

  @FunctionalInterface
  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  @FunctionalInterface
  private interface Opening<T> {
    T run() throws IOException;
  }

  /**
   * The image as a network of this input size takes it, exactly as {@code ImageFolderReader} reads
   * it.
   *
   * @return unsigned, {@code (height, width, channels)}
   * @throws BadInputException when the file is missing or does not decode
   */
  public static byte[] decode(Path file, int channels, int height, int width) {
    return pixels(file, height, width).withChannels(channels).fitted(height, width).bytes();
  }

  /**
   * The whole image, 1 channel where the file holds only grey.
   *
   * @throws BadInputException when the file is missing or does not decode
   */
  public static ImagePixels decode(Path file) {
    return pixels(file, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** Fit to become an image of this size. */
  private static ImagePixels pixels(Path file, int toHeight, int toWidth) {
    return named(
        file,
        () -> {
          byte[] bytes = RegularFile.bytes(file);
          PictureFormat format = format(file, bytes);
          int orientation = ExifOrientation.of(new ByteArrayInputStream(bytes));
          boolean lying = ImagePixels.swapsSides(orientation);
          try (ImageInputStream in = new ByteArrayImageInputStream(bytes)) {
            return read(
                    in,
                    format,
                    reader ->
                        whole(
                            file,
                            reader,
                            format,
                            lying ? toWidth : toHeight,
                            lying ? toHeight : toWidth,
                            bytes))
                .upright(orientation);
          }
        });
  }

  private static ImagePixels whole(
      Path file, ImageReader reader, PictureFormat format, int toHeight, int toWidth, byte[] bytes)
      throws IOException {
    int height = reader.getHeight(0);
    int width = reader.getWidth(0);
    if ((long) height * width > MOST_PIXELS) {
      throw new BadInputException(
          file,
          "an image of at most " + MOST_PIXELS / 1_000_000 + " million pixels",
          width + " x " + height,
          "make it smaller");
    }
    int step = Subsampling.of(height, width, toHeight, toWidth);
    // The reader of WebP has the whole picture before it leaves pixels out.
    long read = Subsampling.pixels(height, width, format == PictureFormat.WEBP ? 1 : step);
    return DecodingRoom.within(
        read * BYTES_PER_PIXEL,
        () -> {
          List<String> warnings = new ArrayList<>();
          reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
          ImageReadParam param = reader.getDefaultReadParam();
          // The middle one of k, so that nothing is shifted.
          param.setSourceSubsampling(step, step, (step - 1) / 2, (step - 1) / 2);
          ImagePixels pixels = StoredPixels.of(reader.read(0, param));
          for (String warning : warnings) {
            // A truncated JPEG decodes to the part that is there, the rest grey, with no error.
            if (warning.toLowerCase(Locale.ROOT).contains("premature")) {
              throw new IIOException("truncated: " + warning);
            }
          }
          if (format == PictureFormat.PNG && pixels.channels() == 3) {
            SrgbColours.ofPng(bytes).ifPresent(profile -> SrgbColours.convert(pixels, profile));
          }
          return pixels;
        });
  }

  /**
   * @throws BadInputException when the file is missing or is none of the formats that are read
   */
  public static Head head(Path file) {
    return named(
        file,
        () -> {
          PictureFormat format;
          int orientation;
          try (InputStream start = RegularFile.open(file)) {
            format = format(file, start.readNBytes(PictureFormat.START));
          }
          try (InputStream in = RegularFile.open(file)) {
            orientation = ExifOrientation.of(in);
          }
          // Only as much of the file is read as the head takes.
          try (InputStream content = RegularFile.open(file);
              ImageInputStream in = new MemoryCacheImageInputStream(content)) {
            return read(in, format, reader -> head(reader, orientation));
          }
        });
  }

  private static Head head(ImageReader reader, int orientation) throws IOException {
    ImageTypeSpecifier stored = reader.getRawImageType(0);
    boolean grey = stored != null && StoredPixels.isGrey(stored.getColorModel());
    int height = reader.getHeight(0);
    int width = reader.getWidth(0);
    return ImagePixels.swapsSides(orientation)
        ? new Head(width, height, grey)
        : new Head(height, width, grey);
  }

  private static <T> T read(ImageInputStream in, PictureFormat format, Reading<T> reading)
      throws IOException {
    ImageReader reader = format.reader();
    try {
      reader.setInput(in, true, true);
      return reading.from(reader);
    } finally {
      reader.dispose();
    }
  }

  private static PictureFormat format(Path file, byte[] start) throws IOException {
    if (start.length == 0) {
      throw new IIOException("the file is empty");
    }
    Optional<PictureFormat> format = PictureFormat.of(start, file.getFileName().toString());
    if (format.isEmpty()) {
      throw new IIOException("unknown format");
    }
    if (!format.get().isRead()) {
      throw new BadInputException(
          file, "a " + PictureFormat.READ + " image", format.get().words(), format.get().remedy());
    }
    return format.get();
  }

  /** Says of what goes wrong in which file. */
  private static <T> T named(Path file, Opening<T> opening) {
    try {
      return opening.run();
    } catch (BadInputException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new BadInputException(file, "an image", "no such file", "check its name", e);
    } catch (OutOfMemoryError e) {
      throw new BadInputException(
          file,
          "an image that the memory holds",
          "a larger one",
          "make it smaller, or set SHALLOWS_JAVA_OPTS=-Xmx4g",
          e);
    } catch (IOException | RuntimeException e) {
      // Decoders answer damaged files with index and argument errors of all kinds.
      String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      if (Files.isDirectory(file)) {
        throw new BadInputException(file, "an image", "a folder", "name a file", e);
      }
      throw new BadInputException(
          file,
          "a " + PictureFormat.READ + " image",
          "one that does not decode (" + reason + ")",
          "remove or replace it",
          e);
    }
  }
}
