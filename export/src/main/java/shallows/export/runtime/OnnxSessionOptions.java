package shallows.export.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import shallows.export.onnx.OnnxValues;

/** How ONNX Runtime is to run a file. */
final class OnnxSessionOptions {
  /** Where ONNX Runtime looks for weights that lie beside a model which it gets as bytes. */
  private static final String EXTERNAL_FOLDER =
      "session.model_external_initializers_file_folder_path";

  private OnnxSessionOptions() {}

  /** For a model in memory, with weights in files beside this one. */
  static void besides(Path file, OrtSession.SessionOptions options) throws OrtException {
    options.addConfigEntry(EXTERNAL_FOLDER, String.valueOf(file.toAbsolutePath().getParent()));
  }

  /** For the outline of this file, with weights in the file. */
  static void inside(Path file, OrtSession.SessionOptions options) throws OrtException {
    try {
      besides(file.toRealPath(), options);
    } catch (IOException e) {
      throw new UncheckedIOException("a file that was read is gone", e);
    }
  }

  /**
   * For a network that is run a few times: its weights are not laid out anew, in copies, and what a
   * run needed is given back behind it.
   */
  static void forFewImages(OrtSession.SessionOptions options) throws OrtException {
    options.addConfigEntry("session.disable_prepacking", "1");
    options.setCPUArenaAllocator(false);
    options.setMemoryPatternOptimization(false);
    // All but what is laid out otherwise for this processor.
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
  }

  /**
   * @param model the content of the file
   * @param threads for one operation, at least 1
   */
  static OrtSession.SessionOptions of(byte[] model, int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    // A thread that spins while it waits takes a core from whoever shares the machine.
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    if (!OnnxValues.haveNoZeroPoint(model)) {
      // Without it, 8-bit products saturate on processors that have AVX2 and not VNNI. With it ONNX
      // Runtime 1.29 looks at zero points, and ends the process where there is none.
      options.addConfigEntry("session.x64quantprecision", "1");
    }
    return options;
  }
}
