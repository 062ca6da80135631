package shallows.cli.command;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import shallows.cli.folder.TrainSettings;
import shallows.model.BadInputException;
import shallows.model.images.DataSets;

/** The options of a training. What is left out is null, so that what was said can be told. */
final class TrainArguments {
  @Option(
      names = "--data",
      paramLabel = "DATA",
      description =
          "The images: fashion-mnist-mini (embedded); mnist, fashion-mnist, cifar-10, cifar-100 or svhn, "
              + "downloaded once where they are not found; a folder with their files or four IDX files; or "
              + "a folder of images: DATA/train/<class>/* and DATA/test/<class>/*, or DATA/<class>/* (then a "
              + "fifth is kept to test on). Default: "
              + TrainSettings.DATA)
  private String data;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description =
          "resnet-N or preresnet-N of 6n+2 layers (resnet-20, preresnet-110), wrn-16-8, wrn-28-10-d0.3, "
              + "bottleneck-50, -101 or -152 (images of 64 pixels and more), mobilenet-v2; with -b projection shortcuts, "
              + "with -s2 a stem of stride 2 and a quarter of the cost. Default: "
              + TrainSettings.NETWORK)
  private String network;

  @Option(
      names = "--survival",
      paramLabel = "SCHEDULE",
      description =
          "How likely a block is on in a training step: linear:P falls from 1 to P at the last block, "
              + "uniform:P is P for all, none keeps all on. Default: "
              + TrainSettings.SURVIVAL)
  private String survival;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images. Default: " + TrainSettings.EPOCHS)
  private Integer epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images a step. Default: " + TrainSettings.BATCH)
  private Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "The largest one of the schedule. Default: " + TrainSettings.LEARNING_RATE)
  private Double learningRate;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      description =
          "Uses only N of the training images, the same share of each class, for a trial.")
  private Integer trainImages;

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      description = "Brings images to this height and width. Default: that of the images")
  private Integer size;

  @Option(
      names = "--skip-broken",
      description = "Leaves images out that do not decode; without it the first one ends the run.")
  private boolean skipBroken;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Of weights, order, gates and splits: the same seed gives the same network. "
              + "Default: "
              + TrainSettings.SEED)
  private Long seed;

  /**
   * What was said, over what holds without it.
   *
   * @throws BadInputException when a value is out of its range
   */
  TrainSettings over(TrainSettings base) {
    try {
      return new TrainSettings(
          data == null ? base.data() : spec(data),
          size == null ? base.size() : size,
          skipBroken || base.skipBroken(),
          trainImages == null ? base.trainImages() : trainImages,
          network == null ? base.network() : network,
          survival == null ? base.survival() : survival,
          epochs == null ? base.epochs() : epochs,
          batch == null ? base.batch() : batch,
          learningRate == null ? base.learningRate() : learningRate,
          seed == null ? base.seed() : seed);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(e.getMessage(), e);
    }
  }

  /** A folder as the data set itself names it, so that the same data compares equal. */
  static String spec(String text) {
    if (text.isBlank() || DataSets.NAMES.contains(text)) {
      return text;
    }
    try {
      return Path.of(text).toAbsolutePath().normalize().toString();
    } catch (InvalidPathException e) {
      throw new BadInputException(
          "--data '" + text + "': expected a name or a folder, found what no path can be", e);
    }
  }
}
