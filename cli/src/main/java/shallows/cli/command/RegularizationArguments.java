package shallows.cli.command;

import picocli.CommandLine.Option;
import shallows.train.options.Balance;
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
      names = "--resized-crop",
      paramLabel = "SHARE",
      description =
          "For photos: cuts a random part out of each, of SHARE to all of its area, and brings it to"
              + " the size of the whole; 0.25 is mild, 0.08 what ImageNet is trained with. Default:"
              + " 0, none")
  Double resizedCrop;

  @Option(
      names = "--trivial-augment",
      arity = "1",
      paramLabel = "BOOL",
      description =
          "Changes each image by one of 14 operations (moves, turns, tones) at a random strength"
              + " (TrivialAugment, 2021): true or false. Default: false")
  Boolean trivialAugment;

  @Option(
      names = "--color-jitter",
      paramLabel = "X",
      description =
          "Changes brightness, contrast and saturation by up to this share, for example 0.4. Default:"
              + " 0, none")
  Double colorJitter;

  @Option(
      names = "--random-erasing",
      paramLabel = "P",
      description =
          "Erases a rectangle of 2 to 33 %% of an image with this probability, for example 0.25."
              + " Default: 0, none")
  Double randomErasing;

  @Option(
      names = "--balance",
      paramLabel = "HOW",
      description =
          "What makes up for classes with few images: weights of the loss, sampling (steps take every"
              + " class as often), or none. Default: none")
  Balance balance;

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

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Ends the training once N epochs brought nothing better on held-out images, and keeps the"
              + " best. Default: 0, all epochs")
  Integer patience;
}
