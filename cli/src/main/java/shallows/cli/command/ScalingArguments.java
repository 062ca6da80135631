package shallows.cli.command;

import java.util.List;
import picocli.CommandLine.Option;

/** How somebody's network wants its pixels; null where nothing was said. */
class ScalingArguments {
  @Option(
      names = "--normalization",
      paramLabel = "PRESET",
      description =
          "How pixels are scaled: imagenet, data (mean and deviation of the images),"
              + " minus-one-to-one, none (to [0, 1]), bytes (0 to 255), or auto: the one by"
              + " which the network tells the classes apart best. Default: what the file says, else auto")
  String normalization;

  @Option(
      names = "--mean",
      paramLabel = "X",
      split = ",",
      description = "For each channel, of pixels in [0, 1]: subtracted first. With --std.")
  List<Float> mean;

  @Option(
      names = "--std",
      paramLabel = "X",
      split = ",",
      description = "For each channel, divided by after that. With --mean.")
  List<Float> deviation;
}
