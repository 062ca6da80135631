package shallows.export.runtime;

import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/**
 * What TFLite writes to the error stream, below the progress bar of whoever asked: that it made a
 * delegate, and its complaints, which also come back as a status.
 */
final class TfliteLog {
  /**
   * {@code tflite::logging_internal::MinimalLogger::minimum_log_severity_}, as compilers write it.
   */
  private static final String SEVERITY =
      "_ZN6tflite16logging_internal13MinimalLogger21minimum_log_severity_E";

  /** {@code TFLITE_LOG_SILENT}. */
  private static final int SILENT = 4;

  private TfliteLog() {}

  /** Nothing of it, where the library lets it be found: there is no function for that. */
  static void silence() {
    Loader.load(tensorflowlite.class);
    Pointer severity = Loader.addressof(SEVERITY);
    if (severity != null && !severity.isNull()) {
      new IntPointer(severity).put(SILENT);
    }
  }
}
