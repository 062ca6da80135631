package shallows.export.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import shallows.export.onnx.OnnxValues;

/** How ONNX Runtime is to run a file. */
final class OnnxSessionOptions {
  private OnnxSessionOptions() {}

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
