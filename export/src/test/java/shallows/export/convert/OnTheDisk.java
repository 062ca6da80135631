package shallows.export.convert;

import java.nio.file.Path;
import shallows.export.ExportFormat;
import shallows.export.tflite.TfliteOptions;

/**
 * Files as {@code convert} makes and compares them: written part by part, and run from the disk.
 */
final class OnTheDisk {
  private OnTheDisk() {}

  static Agreement agreement(Conversion conversion, ExportFormat format, int threads) {
    try (TemporaryFolder folder = TemporaryFolder.create()) {
      Path file = folder.path().resolve("written." + format);
      conversion.write(format, TfliteOptions.STANDARD, file);
      return conversion.of(WrittenFile.of(file, format), threads);
    }
  }
}
