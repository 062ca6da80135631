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

/** Reading a model's bytes. */
public final class ModelFile {
  /** Flatbuffers address with 31 bits, and ONNX's protobuf ends there too. */
  private static final long LARGEST_BYTES = Integer.MAX_VALUE - 16;

  private ModelFile() {}

  /**
   * A TFLite model is known by its content, an ONNX model by its name alone.
   *
   * @throws BadInputException when it is neither
   */
  static boolean isOnnx(Path file) {
    if (FileKind.isTflite(file)) {
      return false;
    }
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".onnx") && !name.endsWith(".tflite")) {
      Optional<FileKind> kind =
          Files.isDirectory(file) ? FileKind.ofFolder(file) : FileKind.of(read(file));
      throw new BadInputException(
          file
              + ": expected a model that ends in .onnx or .tflite, found "
              + kind.map(FileKind::words).orElse("another name")
              + "; "
              + kind.map(FileKind::remedy).orElse("name one from RUN/export"));
    }
    return name.endsWith(".onnx");
  }

  static byte[] read(Path file) {
    try {
      if (Files.isDirectory(file)) {
        Optional<FileKind> kind = FileKind.ofFolder(file);
        throw new BadInputException(
            file
                + ": expected a model file, found "
                + kind.map(FileKind::words).orElse("a folder")
                + "; "
                + kind.map(FileKind::remedy).orElse("name the file in it"));
      }
      if (Files.size(file) > LARGEST_BYTES) {
        throw new BadInputException(
            file + ": expected a model below 2 GB, found " + Files.size(file) + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (OutOfMemoryError e) {
      throw new BadInputException(
          file
              + ": expected a model that fits into memory, found "
              + file.toFile().length()
              + " bytes; give Java more, for example SHALLOWS_JAVA_OPTS=-Xmx4g",
          e);
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          file + ": expected a model file, found nothing; export the network first", e);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read (" + IoReason.of(e) + ")", e);
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
