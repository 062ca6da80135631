package shallows.train.engine;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import com.sun.jna.NativeLibrary;
import java.nio.file.Path;
import java.util.List;

/**
 * How many NVIDIA GPUs LibTorch sees. DJL asks CUDA's own library for that, where the system finds
 * it; but PyTorch brings one that lies beside it, and nothing else finds.
 */
final class GpuCount {
  /**
   * {@code c10::DeviceIndex c10::cuda::device_count()} as the compilers of Linux and Windows name
   * it.
   */
  private static final List<String> COUNT =
      List.of("_ZN3c104cuda12device_countEv", "?device_count@cuda@c10@@YACXZ");

  private GpuCount() {}

  /**
   * @param engine whose LibTorch is one for GPUs
   */
  static int of(Engine engine) {
    Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("c10_cuda"));
    NativeLibrary cuda = NativeLibrary.getInstance(library.toString());
    for (String name : COUNT) {
      try {
        // An index of a device is a byte; what else is in the register is nothing.
        return (byte) cuda.getFunction(name).invokeInt(new Object[0]);
      } catch (UnsatisfiedLinkError e) {
        // Another compiler's.
      }
    }
    return engine.getGpuCount();
  }
}
