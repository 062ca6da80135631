package shallows.train.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.train.options.Compute;

/** Starts the engine when it is first needed, on the device asked for. */
final class Torch {
  static final String ENGINE = "PyTorch";
  private static final String INTER_OP_THREADS = "ai.djl.pytorch.num_interop_threads";
  private static final String THREADS = "ai.djl.pytorch.num_threads";

  /** Without it DJL asks the network where it runs, and tells its makers on Amazon's machines. */
  private static final String NO_TELEMETRY = "OPT_OUT_TRACKING";

  private Torch() {}

  /**
   * A manager of its own that holds what one network needs, on the first device asked for; the
   * caller closes it.
   *
   * @throws BadInputException when the GPU asked for is not there
   */
  static NDManager manager(Compute compute) {
    return manager(devices(compute).get(0));
  }

  static NDManager manager(Device device) {
    return engine(false).newBaseManager(device);
  }

  private static Engine engine(boolean reproducible) {
    if (reproducible) {
      FixedKernels.choose();
    }
    // One thread an operation unless Workers say otherwise; and operations are never run side by
    // side by torch itself. Torch takes these numbers once, before its first operation.
    setUnlessSet(INTER_OP_THREADS);
    setUnlessSet(THREADS);
    System.setProperty(NO_TELEMETRY, "true");
    Engine engine = Engine.getEngine(ENGINE);
    TorchLog.readLevel();
    return engine;
  }

  /** How many threads may run torch side by side: on a GPU there is nothing to gain by a second. */
  static int workers(NDManager manager, Compute compute) {
    return manager.getDevice().isGpu() ? 1 : compute.processors();
  }

  private static void setUnlessSet(String property) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, "1");
    }
  }

  /**
   * The devices asked for, at least one.
   *
   * @throws BadInputException when a GPU asked for is not there, or it cannot be reproducible here
   */
  static List<Device> devices(Compute compute) {
    Engine engine = engine(compute.reproducible());
    int gpus = !compute.reproducible() && engine.hasCapability("CUDA") ? engine.getGpuCount() : 0;
    if (compute.isAuto()) {
      return List.of(gpus > 0 ? Device.gpu(0) : Device.cpu());
    }
    for (int gpu : compute.gpus()) {
      if (gpu >= gpus) {
        throw new BadInputException(
            Phrase.of("%s %s", Setting.DEVICE, compute.device()),
            "a CUDA GPU of number " + gpu,
            gpus + " that this build of the engine can use",
            Phrase.of("take %s cpu or auto, or build with -Pcuda", Setting.DEVICE));
      }
    }
    return compute.gpus().isEmpty()
        ? List.of(Device.cpu())
        : compute.gpus().stream().map(Device::gpu).toList();
  }
}
