package shallows.data;

import java.util.List;

/**
 * Images to train on and images to test on, of the same classes and the same size.
 *
 * @param name as a report says it, for example {@code "Fashion-MNIST mini"}
 * @param spec what {@code DataSets.open} takes to open the same data again; absolute for a folder
 * @param train training images
 * @param test test images
 * @param skipped the images that did not decode and were left out, each with its reason
 */
public record DataSet(
    String name, String spec, LabelledImages train, LabelledImages test, List<String> skipped) {
  public DataSet {
    if (name == null || name.isBlank() || spec == null || spec.isBlank()) {
      throw new IllegalArgumentException("data set: expected a name and a spec, found a blank one");
    }
    requireSameKind(train, test);
    skipped = List.copyOf(skipped);
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
