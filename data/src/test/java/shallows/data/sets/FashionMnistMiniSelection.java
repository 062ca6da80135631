package shallows.data.sets;

import java.nio.file.Path;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.format.IdxReader;
import shallows.data.format.IdxWriting;

/**
 * Made the embedded images, and makes them again: {@code main} with the folder of the whole
 * Fashion-MNIST and the folder to write to.
 */
final class FashionMnistMiniSelection {
  static final int TRAIN_OF_EACH_CLASS = 1200;
  static final int TEST_OF_EACH_CLASS = 200;

  private FashionMnistMiniSelection() {}

  public static void main(String[] folders) {
    Path whole = Path.of(folders[0]);
    Path target = Path.of(folders[1]);
    LabelledImages train = IdxReader.readTrain(whole, "train", FashionMnist.CLASSES);
    LabelledImages test = IdxReader.readTest(whole, "test", FashionMnist.CLASSES);
    IdxWriting.writeSet(target, "train", ".gz", select(train, TRAIN_OF_EACH_CLASS));
    IdxWriting.writeSet(target, "t10k", ".gz", select(test, TEST_OF_EACH_CLASS));
  }

  /** The first images of each class in file order, kept in file order. */
  static LabelledImages select(LabelledImages images, int ofEachClass) {
    int[] taken = new int[images.classes().size()];
    return images.subset(
        IntStream.range(0, images.size())
            .filter(i -> taken[images.label(i)]++ < ofEachClass)
            .toArray());
  }
}
