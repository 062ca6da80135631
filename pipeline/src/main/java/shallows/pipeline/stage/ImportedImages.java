package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.folder.TransferSettings;
import shallows.pipeline.measure.FittedClasses;

/**
 * Images as a network that was brought along wants them: its size, and its classes in its order.
 */
final class ImportedImages {
  private ImportedImages() {}

  /**
   * @param answers of the network, where the images have no labels and it was asked before
   * @throws BadInputException when the images have other channels, or classes that are none of the
   *     network's
   */
  static DataSet open(
      ImportSettings network,
      TrainSettings settings,
      Optional<AnsweredPictures.Answers> answers,
      Progress progress) {
    if (network.isUnlabelled()) {
      return new AnsweredPictures(network, settings, progress).open(answers);
    }
    Input input = new Input(network.file(), network.channels(), network.height(), network.width());
    DataSet data = input.open(settings, progress);
    FittedClasses.requireClasses(
        Path.of(network.file()),
        network.outputs(),
        network.labels(),
        data.classes(),
        settings.data());
    return network.labels() == null
        ? data
        : data.with(images -> images.relabelled(network.labels()));
  }

  /**
   * The images that a network is to learn, whatever their classes.
   *
   * @throws BadInputException when they have other channels
   */
  static DataSet open(TransferSettings network, TrainSettings settings, Progress progress) {
    return new Input(network.file(), network.channels(), network.height(), network.width())
        .open(settings, progress);
  }

  /**
   * What goes into a network.
   *
   * @param height null for that of the images, with the width
   */
  private record Input(String file, int channels, Integer height, Integer width) {
    DataSet open(TrainSettings settings, Progress progress) {
      boolean square = height != null && height.equals(width);
      // Folders of images of several sizes can be read only with one to bring them to.
      OptionalInt size = square ? OptionalInt.of(height) : OptionalInt.empty();
      DataSet data =
          DataSets.open(
              settings.data(),
              new DataOptions(size, settings.skipBroken(), settings.seed()),
              progress);
      FittedClasses.requireChannels(Path.of(file), channels, data.train(), settings.data());
      if (data.train().channels() < channels) {
        progress.remark(
            settings.data()
                + ": grey images for a network of "
                + channels
                + " channels; each channel gets the same picture");
      }
      return data.with(
          images ->
              images.fitted(
                  channels,
                  height == null ? images.height() : height,
                  width == null ? images.width() : width));
    }
  }
}
