package shallows.export.convert;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import shallows.export.ExportFormat;
import shallows.export.verify.FileInside;
import shallows.export.verify.PairedValues;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/**
 * Where a file that was written first computes something else than the one that it was written of.
 *
 * @param original what that computes of an image
 * @param image {@code (C, H, W)}
 * @param pixels of it, {@code (1, H, W, C)}
 */
record Departure(Supplier<FileInside> original, Shape image, float[] pixels) {

  /** From a model that is held in memory. */
  static Departure from(byte[] onnx, Shape image, float[] pixels) {
    return new Departure(() -> inside(onnx, ExportFormat.ONNX, image, pixels), image, pixels);
  }

  /** The operation of the original and its value, if one is found. */
  Optional<String> of(byte[] written, ExportFormat format) {
    try {
      FileInside found = inside(written, format, image, pixels);
      return PairedValues.of(original.get(), found, PairedValues.EXACT)
          .parting()
          .map(first -> first.operation() + " '" + first.value() + "'");
    } catch (BadInputException e) {
      // Values that a runtime does not hand out, or a file too large to be changed.
      return Optional.empty();
    }
  }

  private static FileInside inside(
      byte[] content, ExportFormat format, Shape image, float[] pixels) {
    try {
      Path file = Files.createTempFile("shallows-", "." + format);
      try {
        Files.write(file, content);
        return FileInside.of(file, image, pixels);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
