package shallows.export.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import shallows.model.BadInputException;
import shallows.model.process.ProcessVariables;

/**
 * ONNX Runtime in this process. Its telemetry writes a device id, a data base of events and logs
 * from the first environment on, whatever {@code setTelemetry} says afterwards, and sends what it
 * has; on its way it dies of a command line of more than about 3,700 characters. A variable of the
 * process keeps it from starting at all.
 */
public final class OnnxRuntime {
  /** The variable; it keeps the telemetry from starting where it is {@link #YES}. */
  public static final String NO_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  public static final String YES = "1";

  /** The property by which ONNX Runtime is told where its libraries lie. */
  private static final String LIBRARIES = "onnxruntime.native.path";

  private static OrtEnvironment environment;

  private OnnxRuntime() {}

  /**
   * The one of this process.
   *
   * @throws BadInputException when the telemetry cannot be kept from starting
   */
  static synchronized OrtEnvironment environment() throws OrtException {
    if (environment == null) {
      forbidTelemetry();
      if (System.getProperty(LIBRARIES) == null) {
        OnnxRuntimeFiles.unpacked()
            .ifPresent(folder -> System.setProperty(LIBRARIES, folder.toString()));
      }
      environment =
          OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "shallows");
      // For whoever had an environment before us.
      environment.setTelemetry(false);
      ownFolder().ifPresent(OnnxRuntime::delete);
    }
    return environment;
  }

  private static void forbidTelemetry() {
    if (YES.equals(System.getenv(NO_TELEMETRY))) {
      return;
    }
    try {
      ProcessVariables.set(NO_TELEMETRY, YES);
    } catch (LinkageError e) {
      throw new BadInputException(
          NO_TELEMETRY,
          "1 in the environment, so that ONNX Runtime records nothing",
          "it neither set nor to be set from here (" + e.getMessage() + ")",
          "export it before the start",
          e);
    }
  }

  /**
   * The temporary folder that ONNX Runtime makes anew in each process, and takes away only where
   * the process ends in peace. Empty where it cannot be found, or may still be needed.
   */
  private static Optional<Path> ownFolder() {
    if (OnnxRuntimeFiles.mayUnpackMore()) {
      return Optional.empty();
    }
    try {
      Field folder = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      folder.setAccessible(true);
      return Optional.ofNullable((Path) folder.get(null));
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Another version of it; then the folder stays until the end.
      return Optional.empty();
    }
  }

  /** Libraries that are loaded need no files any more, but for Windows, which keeps them. */
  private static void delete(Path folder) {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      // ONNX Runtime will at the end.
    }
  }
}
