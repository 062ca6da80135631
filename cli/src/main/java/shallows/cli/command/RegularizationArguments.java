package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.train.options.Selection.Keep;

/**
 * What is done to images and labels, and which weights are handed on. Null where nothing was said.
 */
final class RegularizationArguments {
  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      description = "Share of each label spread over all classes. Default: 0")
  Double labelSmoothing;

  @Option(
      names = "--mixup",
      paramLabel = "ALPHA",
      description = "Blends images in pairs. Default: 0, none")
  Double mixup;

  @Option(
      names = "--cutmix",
      paramLabel = "ALPHA",
      description = "Exchanges boxes between images in pairs. Default: 0, none")
  Double cutmix;

  @Option(
      names = "--flip",
      arity = "1",
      paramLabel = "BOOL",
      description = "Mirrors half of the images: true or false. Default: true")
  Boolean flip;

  @Option(
      names = "--shift",
      paramLabel = "PIXELS",
      description = "Shifts images at random by up to so many pixels. Default: 0; paper: 4")
  Integer shift;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description = "Rate of every dropout in the network, where it has any. Default: its own")
  Double dropout;

  @Option(
      names = "--ema",
      paramLabel = "DECAY",
      description =
          "Hands on a moving average of the weights, for example 0.999. Default: 0, " + "none")
  Double averageDecay;

  @Option(
      names = "--keep",
      paramLabel = "EPOCH",
      description =
          "Whose weights are handed on: those of the last epoch, or the best on "
              + "held-out images. Default: last; paper: best")
  Keep keep;
}
