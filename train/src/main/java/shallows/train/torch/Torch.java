package shallows.train.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import shallows.model.BadInputException;
import shallows.train.Compute;

/** Starts the engine when it is first needed, with the threads and on the device asked for. */
final class Torch {
  static final String ENGINE = "PyTorch";
  private static final String INTER_OP_THREADS = "ai.djl.pytorch.num_interop_threads";

  private Torch() {}

  /**
   * A manager of its own that holds what one network needs; the caller closes it.
   *
   * @throws BadInputException when the GPU asked for is not there
   */
  static NDManager manager(Compute compute) {
    Engine engine = start();
    // Torch keeps one number of threads for the whole process: the last network that was made wins.
    int threads =
        compute.threads() > 0 ? compute.threads() : Runtime.getRuntime().availableProcessors();
    if (JniUtils.getNumThreads() != threads) {
      JniUtils.setNumThreads(threads);
    }
    return engine.newBaseManager(device(engine, compute));
  }

  private static Engine start() {
    if (System.getProperty(INTER_OP_THREADS) == null) {
      // A graph is run node by node; threads between operations would only wait. Torch takes this
      // number once, before its first operation.
      System.setProperty(INTER_OP_THREADS, "1");
    }
    return Engine.getEngine(ENGINE);
  }

  private static Device device(Engine engine, Compute compute) {
    int gpus = engine.hasCapability("CUDA") ? engine.getGpuCount() : 0;
    if (compute.isAuto()) {
      return gpus > 0 ? Device.gpu(0) : Device.cpu();
    }
    if (compute.gpu() < 0) {
      return Device.cpu();
    }
    if (compute.gpu() >= gpus) {
      throw new BadInputException(
          "--device "
              + compute.device()
              + ": expected a CUDA GPU of that number, found "
              + gpus
              + " that this build of the engine can use; take --device cpu or auto");
    }
    return Device.gpu(compute.gpu());
  }
}
