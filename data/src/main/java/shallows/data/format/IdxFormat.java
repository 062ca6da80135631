package shallows.data.format;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.data.DataSet;
import shallows.data.LabelledImages;
import shallows.model.BadInputException;

/**
 * The four IDX files of MNIST and of the sets made after it.
 *
 * @param classes names in the order of the labels; empty takes those of {@code labels.txt} in the
 *     folder, or the ten digits
 */
public record IdxFormat(Optional<List<String>> classes) implements DataFormat {
  @Override
  public boolean isIn(Path folder) {
    return IdxReader.isIdxFolder(folder);
  }

  @Override
  public DataSet read(Path folder, String name, String spec) {
    List<String> names = classes.orElseGet(() -> IdxReader.classesOf(folder));
    LabelledImages train = IdxReader.readTrain(folder, name + " train", names);
    LabelledImages test = IdxReader.readTest(folder, name + " test", names);
    if (train.height() != test.height() || train.width() != test.width()) {
      throw new BadInputException(
          folder,
          "test images of the size of the training images, " + train.shape(),
          test.shape(),
          "take all four files from the same set");
    }
    return new DataSet(name, spec, train, test);
  }
}
