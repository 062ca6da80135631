package shallows.export.verify;

import shallows.export.ExportFormat;
import shallows.export.metadata.StatedAccuracy;
import shallows.export.onnx.OnnxAccuracy;

/** Puts into an exported file what was measured of it, and leaves its network untouched. */
public final class AccuracyStamp {
  private AccuracyStamp() {}

  /**
   * @param content of the file that was checked
   * @param check what was found of it; it ran
   * @param images what it was measured on
   * @return the file with its accuracy
   * @throws shallows.model.BadInputException when the content is none of the format
   */
  public static byte[] stamped(
      byte[] content, ExportFormat format, FileCheck check, Verification.Images images) {
    String statement =
        StatedAccuracy.measured(check.accuracy(), images.count(), images.name(), check.runtime());
    return switch (format) {
      case ONNX -> OnnxAccuracy.replaced(content, check.file(), statement);
      case TFLITE -> StatedAccuracy.replacedInTflite(content, check.file(), statement);
    };
  }
}
