package shallows.export.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import shallows.export.ExportFormat;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.onnx.OnnxAccuracy;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;

/** Writes into an exported file what was measured of it, and leaves its network untouched. */
public final class AccuracyStamp {
  private AccuracyStamp() {}

  /**
   * @param file that was checked
   * @param check what was found of it; it ran
   * @param images what it was measured on
   * @return the same check, with the size that the file has now
   * @throws BadInputException when the file cannot be read or written
   */
  public static ExportCheck put(Path file, ExportCheck check, Verification.Images images) {
    String statement =
        StatedAccuracy.measured(check.accuracy(), images.count(), images.name(), check.runtime());
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadInputException(file + ": cannot be read; export it again", e);
    }
    byte[] stamped =
        check.format() == ExportFormat.ONNX
            ? OnnxAccuracy.replaced(content, file.toString(), statement)
            : StatedAccuracy.replacedInTflite(content, file.toString(), statement);
    AtomicFile.write(file, out -> out.write(stamped));
    return check.withBytes(stamped.length);
  }
}
