package shallows.export.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.model.file.FileKind;
import shallows.model.file.IoReason;
import shallows.model.graph.Shape;
import shallows.model.onnx.OnnxOutline;
import shallows.model.onnx.read.OnnxReader;

/** Reading a model's bytes. */
public final class ModelFile {
  /** Flatbuffers address with 31 bits, and ONNX's protobuf ends there too. */
  private static final long LARGEST_BYTES = Integer.MAX_VALUE - 16;

  private static final String ONNX = ".onnx";
  private static final String TFLITE = ".tflite";

  private ModelFile() {}

  /**
   * Whether it is an ONNX model and not a TFLite model, which may bear any name but that of an ONNX
   * model.
   *
   * @throws BadInputException when it is neither, or its name says that it is the other
   */
  public static boolean isOnnx(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (FileKind.isTflite(file)) {
      if (name.endsWith(ONNX)) {
        throw FileKind.misnamed(file.toString(), FileKind.TFLITE.words(), TFLITE);
      }
      return false;
    }
    if (name.endsWith(TFLITE) && Files.isRegularFile(file) && OnnxReader.isModel(read(file))) {
      throw FileKind.misnamed(file.toString(), "an ONNX model", ONNX);
    }
    if (!name.endsWith(ONNX) && !name.endsWith(TFLITE)) {
      Optional<FileKind> kind =
          Files.isDirectory(file) ? FileKind.ofFolder(file) : FileKind.of(read(file));
      throw new BadInputException(
          file,
          "a model that ends in .onnx or .tflite",
          kind.map(FileKind::words).orElse("another name"),
          kind.map(FileKind::remedy).orElse("name one from RUN/export"));
    }
    return name.endsWith(ONNX);
  }

  public static byte[] read(Path file) {
    return read(file, Files::readAllBytes);
  }

  /**
   * An ONNX model without its large constants, which runtimes and we read where they lie: ONNX
   * Runtime follows no link out of the folder that it is told.
   */
  static OnnxOutline outline(Path file) {
    return read(file, path -> OnnxOutline.of(path.toRealPath()));
  }

  /** Reads something of a file. */
  @FunctionalInterface
  interface Reading<T> {
    T of(Path file) throws IOException;
  }

  /**
   * @throws BadInputException when it is no file that can be read
   */
  static <T> T read(Path file, Reading<T> reading) {
    try {
      if (Files.isDirectory(file)) {
        Optional<FileKind> kind = FileKind.ofFolder(file);
        throw new BadInputException(
            file,
            "a model file",
            kind.map(FileKind::words).orElse("a folder"),
            kind.map(FileKind::remedy).orElse("name the file in it"));
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        // A pipe or a device may never end.
        throw new BadInputException(file, "a model file", "a pipe or device", "name a file");
      }
      if (Files.size(file) > LARGEST_BYTES) {
        throw new BadInputException(file, "a model below 2 GB", Files.size(file) + " bytes", null);
      }
      return reading.of(file);
    } catch (OutOfMemoryError e) {
      throw new BadInputException(
          file,
          "a model that fits into memory",
          file.toFile().length() + " bytes",
          "give Java more, for example SHALLOWS_JAVA_OPTS=-Xmx4g",
          e);
    } catch (NoSuchFileException e) {
      throw new BadInputException(file, "a model file", "nothing", "export the network first", e);
    } catch (IOException e) {
      throw new BadInputException(file, null, "cannot be read (" + IoReason.of(e) + ")", null, e);
    }
  }

  /**
   * @param image that the model takes, {@code (C, H, W)}
   * @throws IllegalArgumentException when these are not {@code count} of them
   */
  static void requireImages(String where, Shape image, float[] images, int count) {
    if (count < 1 || images.length != (long) count * image.size()) {
      throw new IllegalArgumentException(
          where
              + " expects "
              + count
              + " images of "
              + image
              + ", found "
              + images.length
              + " values");
    }
  }
}
