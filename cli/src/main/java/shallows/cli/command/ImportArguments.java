package shallows.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import shallows.pipeline.Importing;

/** What a network that was brought along does not say of itself. */
final class ImportArguments {
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

  @Mixin private ReadArguments reading;

  /** What is said of the network in a file. */
  Importing of(Path file) {
    return new Importing(
        file,
        reading.options(),
        Optional.ofNullable(labels),
        Optional.ofNullable(normalization),
        mean,
        deviation);
  }
}
