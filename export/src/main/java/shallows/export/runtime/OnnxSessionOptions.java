package shallows.export.runtime;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;

/** How ONNX Runtime is to run a file. */
final class OnnxSessionOptions {
  /** The input of a DequantizeLinear. */
  private static final int ZERO_POINT = 2;

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
    if (!hasNoZeroPoint(model)) {
      // Without it, 8-bit products saturate on processors that have AVX2 and not VNNI.
      options.addConfigEntry("session.x64quantprecision", "1");
    }
    return options;
  }

  /**
   * Whether integers become floats without a zero point, which is allowed. What ONNX Runtime 1.29
   * does for the sake of precision looks at it, and ends the process where there is none.
   */
  private static boolean hasNoZeroPoint(byte[] model) {
    try {
      return ModelProto.parseFrom(model).getGraph().getNodeList().stream()
          .anyMatch(
              node ->
                  node.getOpType().equals("DequantizeLinear")
                      && (node.getInputCount() <= ZERO_POINT
                          || node.getInput(ZERO_POINT).isEmpty()));
    } catch (InvalidProtocolBufferException e) {
      // Then the runtime refuses it.
      return false;
    }
  }
}
