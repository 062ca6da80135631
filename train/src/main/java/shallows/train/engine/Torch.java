package shallows.train.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.List;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.process.ProcessEnd;
import shallows.train.libtorch.LibTorchLoader;
import shallows.train.options.Compute;

/** Starts the engine when it is first needed, on the device asked for. */
final class Torch {
  static final String ENGINE = "PyTorch";
  static final String CUDA = "CUDA";
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
    Compute there =
        device.isGpu() ? Compute.parse("cuda:" + device.getDeviceId(), 1) : Compute.cpu(1);
    return engine(there).newBaseManager(device);
  }

  private static Engine engine(Compute compute) {
    if (compute.reproducible()) {
      FixedKernels.choose();
    }
    // One thread an operation unless Workers say otherwise; and operations are never run side by
    // side by torch itself. Torch takes these numbers once, before its first operation.
    setUnlessSet(INTER_OP_THREADS);
    setUnlessSet(THREADS);
    System.setProperty(NO_TELEMETRY, "true");
    Engine engine = LibTorchLoader.load(compute, () -> Engine.getEngine(ENGINE));
    TorchLog.readLevel();
    ProcessEnd.prepare();
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
    Engine engine = engine(compute);
    boolean cuda = !compute.reproducible() && engine.hasCapability(CUDA);
    int gpus = cuda ? GpuCount.of(engine) : 0;
    if (compute.isAuto()) {
      return List.of(gpus > 0 ? Device.gpu(0) : Device.cpu());
    }
    for (int gpu : compute.gpus()) {
      if (gpu >= gpus) {
        throw new BadInputException(
            Phrase.of("%s %s", Setting.DEVICE, compute.device()),
            cuda ? "a CUDA GPU of number " + gpu : "a LibTorch for GPUs",
            cuda ? gpus + " that LibTorch sees" : "one for the processor, loaded in this process",
            cuda
                ? Phrase.of("see what nvidia-smi lists, or take %s cpu or auto", Setting.DEVICE)
                : "ask for the GPU before anything else is computed");
      }
    }
    return compute.gpus().isEmpty()
        ? List.of(Device.cpu())
        : compute.gpus().stream().map(Device::gpu).toList();
  }
}
