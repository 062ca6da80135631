package shallows.train.engine;

import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;

/**
 * What LibTorch says to standard error. How much that is stands in the variable {@code
 * TORCH_CPP_LOG_LEVEL}, but LibTorch reads it only when it is told to. Python does that at its
 * start, DJL never does; so a processor that NNPACK does not know was told of at every convolution
 * of few images.
 */
final class TorchLog {
  /** {@code c10::initLogging()} as the compilers of Linux and macOS name it. */
  private static final String READ_LEVEL = "_ZN3c1011initLoggingEv";

  private TorchLog() {}

  /** Has the variable read. The library must have been loaded. */
  static void readLevel() {
    try {
      library().getFunction(READ_LEVEL).invokeVoid(new Object[0]);
    } catch (UnsatisfiedLinkError e) {
      // Another compiler names it otherwise. Then all is said, which does no harm.
    }
  }

  static NativeLibrary library() {
    return NativeLibrary.getInstance(
        Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("c10")).toString());
  }
}
