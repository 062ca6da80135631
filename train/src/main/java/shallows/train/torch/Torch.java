package shallows.train.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import shallows.model.BadInputException;
import shallows.train.Compute;

/** Starts the engine when it is first needed, on the device asked for. */
final class Torch {
  static final String ENGINE = "PyTorch";
  private static final String INTER_OP_THREADS = "ai.djl.pytorch.num_interop_threads";
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  private Torch() {}

  /**
   * A manager of its own that holds what one network needs; the caller closes it.
   *
   * @throws BadInputException when the GPU asked for is not there
   */
  static NDManager manager(Compute compute) {
    // One thread an operation unless Workers say otherwise; and operations are never run side by
    // side by torch itself. Torch takes these numbers once, before its first operation.
    setUnlessSet(INTER_OP_THREADS);
    setUnlessSet(THREADS);
    Engine engine = Engine.getEngine(ENGINE);
    return engine.newBaseManager(device(engine, compute));
  }

  /** How many threads may run torch side by side: on a GPU there is nothing to gain by a second. */
  static int workers(NDManager manager, Compute compute) {
    if (manager.getDevice().isGpu()) {
      return 1;
    }
    return compute.processors();
  }

  private static void setUnlessSet(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "1");
    }
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
