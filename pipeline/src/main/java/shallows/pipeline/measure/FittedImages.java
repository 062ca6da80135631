package shallows.pipeline.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import shallows.data.DataOptions;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.data.folder.ListedSet;
import shallows.data.sets.DataSets;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;
import shallows.model.progress.Progress;

/**
 * Images as a model file takes them: its size, its channels, and its classes in its order.
 *
 * @param file for messages
 * @param image what it takes, {@code (C, H, W)}
 * @param outputs how many it has
 * @param labels of these, null where they are the class folders in their order
 */
public record FittedImages(Path file, Shape image, int outputs, List<String> labels) {
  /** Training images that give mean and deviation, and that scalings are tried on. */
  public static final int SCALING = 2000;

  /**
   * A data set that fits, its images not yet brought to the size.
   *
   * @param data what {@link DataSets#open} takes
   * @param seed that parts a folder which has no test images of its own
   * @throws BadInputException when the images have other channels or classes
   */
  public DataSet open(String data, long seed, Progress progress) {
    // Folders of images of several sizes can be read only with one to bring them to.
    OptionalInt size = isSquare() ? OptionalInt.of(image.dimension(1)) : OptionalInt.empty();
    DataSet set = DataSets.open(data, new DataOptions(size, false, seed), progress);
    FittedClasses.requireChannels(file, image.dimension(0), set.test(), data);
    FittedClasses.requireClasses(file, outputs, labels, set.classes(), data);
    return set;
  }

  /**
   * The pictures of a folder or a table that says which are there to test on, of the size already.
   *
   * @return empty where there are no such, and where the size is none that folders are read with
   * @throws BadInputException when they have other classes
   */
  Optional<ListedSet> listed(String data) {
    int channels = image.dimension(0);
    if (!isSquare() || channels != 1 && channels != 3) {
      return Optional.empty();
    }
    Optional<ListedSet> listed = DataSets.listed(data, channels, image.dimension(1));
    listed.ifPresent(
        set -> FittedClasses.requireClasses(file, outputs, labels, set.test().classes(), data));
    return listed;
  }

  private boolean isSquare() {
    return image.dimension(1) == image.dimension(2);
  }

  /** Brought to the size and the classes. */
  public LabelledImages of(LabelledImages images) {
    LabelledImages sized =
        images.fitted(image.dimension(0), image.dimension(1), image.dimension(2));
    return labels == null ? sized : sized.relabelled(labels);
  }
}
