package shallows.cli.command;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import shallows.train.options.Compute;

/** Where to compute. */
final class ComputeArguments {
  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "auto (a GPU if the LibTorch in PYTORCH_LIBRARY_PATH sees one), cpu, cuda:N for GPU number"
              + " N, or several as cuda:0,cuda:1 that share each batch. Default: ${DEFAULT-VALUE}")
  private String device;

  @Option(
      names = "--download-torch",
      description =
          "With --device cuda:N: where neither PYTORCH_LIBRARY_PATH nor the Python on the PATH has"
              + " a PyTorch that fits, have DJL download LibTorch for CUDA into its cache, once"
              + " (2.5 GB, from publish.djl.ai).")
  private boolean downloadTorch;

  @Mixin private ThreadsArgument threads;

  Compute compute() {
    Compute compute = Compute.parse(device, threads.asked());
    if (downloadTorch && compute.gpus().isEmpty()) {
      throw DeadOptions.of("--download-torch", "--device cuda:N");
    }
    return compute.withDownloadTorch(downloadTorch);
  }
}
