package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.ImportSettings;
import shallows.pipeline.folder.TrainSettings;

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
    boolean square = network.height() == network.width();
    // Folders of images of several sizes can be read only with one to bring them to.
    OptionalInt size = square ? OptionalInt.of(network.height()) : OptionalInt.empty();
    DataSet data =
        DataSets.open(
            settings.data(),
            new DataOptions(size, settings.skipBroken(), settings.seed()),
            progress);
    requireFit(network, data, settings.data());
    if (data.train().channels() < network.channels()) {
      progress.remark(
          settings.data()
              + ": grey images for a network of "
              + network.channels()
              + " channels; each channel gets the same picture");
    }
    return new DataSet(
        data.name(),
        data.spec(),
        fitted(data.train(), network),
        fitted(data.test(), network),
        data.skipped());
  }

  private static LabelledImages fitted(LabelledImages images, ImportSettings network) {
    LabelledImages sized = images.fitted(network.channels(), network.height(), network.width());
    return network.labels() == null ? sized : sized.relabelled(network.labels());
  }

  private static void requireFit(ImportSettings network, DataSet data, String where) {
    Path file = Path.of(network.file()).getFileName();
    int channels = data.train().channels();
    // A network of colours sees grey as a colour like any other; one of grey was not asked whether
    // colours matter.
    if (channels != network.channels() && channels != 1) {
      throw new BadInputException(
          where,
          "images of "
              + network.channels()
              + (network.channels() == 1 ? " channel (grey), as " : " channels, as ")
              + file
              + " takes",
          channels,
          Phrase.of("give %s of the same kind", Setting.DATA));
    }
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
