package shallows.cli.command;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import shallows.pipeline.measure.AskedTask;

/** What a network's file does not say of its classes and its pixels, or says wrongly. */
final class TaskArguments extends ScalingArguments {
  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "A line for each output of the network with the name of its class folder; --data may then"
              + " hold some of the classes only. Default: what the file says, else the class"
              + " folders in the order of their names")
  private Path labels;

  AskedTask asked() {
    return new AskedTask(
        Optional.ofNullable(labels), Optional.ofNullable(normalization), mean, deviation);
  }
}
