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
          "auto (a GPU if there is one), cpu, cuda:N for GPU number N, or several as cuda:0,cuda:1 that"
              + " share each batch. Default: ${DEFAULT-VALUE}")
  private String device;

  @Mixin private ThreadsArgument threads;

  Compute compute() {
    return Compute.parse(device, threads.asked());
  }
}
