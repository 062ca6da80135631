package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.folder.TransferSettings;

/**
 * Images as a network that was brought along wants them: its size, and its classes in its order.
 */
final class ImportedImages {
  private static final Phrase LABELS =
      Phrase.of(
          "%s FILE, a line for each output with the name of its class folder", Setting.LABELS);

  private ImportedImages() {}

  /**
   * @throws BadInputException when the images have other channels, or classes that are none of the
   *     network's
   */
  static DataSet open(ImportSettings network, TrainSettings settings, Progress progress) {
    Input input = new Input(network.file(), network.channels(), network.height(), network.width());
    DataSet data = input.open(settings, progress);
    requireClasses(network, data, settings.data());
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
      requireChannels(data, settings.data());
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

    private void requireChannels(DataSet data, String where) {
      int found = data.train().channels();
      // A network of colours sees grey as a colour like any other; one of grey was not asked
      // whether colours matter.
      if (found != channels && found != 1) {
        throw new BadInputException(
            where,
            "images of "
                + channels
                + (channels == 1 ? " channel (grey), as " : " channels, as ")
                + Path.of(file).getFileName()
                + " takes",
            found,
            Phrase.of("give %s of the same kind", Setting.DATA));
      }
    }
  }

  private static void requireClasses(ImportSettings network, DataSet data, String where) {
    Path file = Path.of(network.file()).getFileName();
    List<String> classes = data.classes();
    if (network.labels() == null) {
      if (classes.size() != network.outputs()) {
        throw new BadInputException(
            where,
            "a class for each of the " + network.outputs() + " outputs of " + file,
            classes.size() + " classes",
            Phrase.of("give %s", LABELS));
      }
      return;
    }
    List<String> unknown =
        classes.stream().filter(name -> !network.labels().contains(name)).toList();
    if (!unknown.isEmpty()) {
      throw new BadInputException(
          where,
          "classes that " + file + " tells apart",
          unknown.size() + " others, for example '" + unknown.get(0) + "'",
          Phrase.of("rename the class folders, or give %s", LABELS));
    }
  }
}
