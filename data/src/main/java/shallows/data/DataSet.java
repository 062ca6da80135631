package shallows.data;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Images to train on and images to test on, of the same classes and the same size.
 *
 * @param name as a report says it, for example {@code "Fashion-MNIST mini"}
 * @param spec what {@code DataSets.open} takes to open the same data again; absolute for a folder
 * @param train training images
 * @param heldOut images that were set apart to decide by; empty where that is left to the run
 * @param test test images
 * @param reading what was found besides
 */
public record DataSet(
    String name,
    String spec,
    LabelledImages train,
    Optional<LabelledImages> heldOut,
    LabelledImages test,
    FolderReading reading) {
  public DataSet {
    if (name == null || name.isBlank() || spec == null || spec.isBlank()) {
      throw new IllegalArgumentException("data set: expected a name and a spec, found a blank one");
    }
    requireSameKind(train, test);
    heldOut.ifPresent(images -> requireSameKind(train, images));
  }

  /** Of files that hold many images, and nothing else. */
  public DataSet(String name, String spec, LabelledImages train, LabelledImages test) {
    this(name, spec, train, Optional.empty(), test, FolderReading.NONE);
  }

  /** The same after a change of the images of every part. */
  public DataSet with(UnaryOperator<LabelledImages> change) {
    return new DataSet(
        name, spec, change.apply(train), heldOut.map(change), change.apply(test), reading);
  }

  /** Class names, in the order of the labels. */
  public List<String> classes() {
    return train.classes();
  }

  static void requireSameKind(LabelledImages first, LabelledImages second) {
    if (!first.classes().equals(second.classes())) {
      throw new IllegalArgumentException(
          second.name()
              + ": expected the classes "
              + first.classes()
              + ", found "
              + second.classes());
    }
    if (first.channels() != second.channels()
        || first.height() != second.height()
        || first.width() != second.width()) {
      throw new IllegalArgumentException(
          second.name() + ": expected images of " + first.shape() + ", found " + second.shape());
    }
  }
}
