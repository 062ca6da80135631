package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import shallows.pipeline.measure.AskedTask;

/** What a network's file does not say of its classes and its pixels, or says wrongly. */
final class TaskArguments {
  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description =
          "A line for each output of the network with the name of its class folder; --data may then"
              + " hold some of the classes only. Default: what the file says, else the class"
              + " folders in the order of their names")
  private Path labels;

  @Option(
      names = "--normalization",
      paramLabel = "PRESET",
      description =
          "How pixels are scaled: imagenet, data (mean and deviation of the images),"
              + " minus-one-to-one, none (to [0, 1]), bytes (0 to 255), or auto: the one with the"
              + " best accuracy. Default: what the file says, else auto")
  private String normalization;

  @Option(
      names = "--mean",
      paramLabel = "X",
      split = ",",
      description = "For each channel, of pixels in [0, 1]: subtracted first. With --std.")
  private List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "X",
      split = ",",
      description = "For each channel, divided by after that. With --mean.")
  private List<Float> deviation;

  AskedTask asked() {
    return new AskedTask(
        Optional.ofNullable(labels), Optional.ofNullable(normalization), mean, deviation);
  }
}
