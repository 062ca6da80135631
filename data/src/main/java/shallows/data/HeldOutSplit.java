package shallows.data;

import java.util.Random;
import java.util.stream.IntStream;
import shallows.model.BadInputException;

/**
 * A set in two parts that share no image.
 *
 * @param train what is trained on
 * @param heldOut what nothing is trained on
 */
public record HeldOutSplit(LabelledImages train, LabelledImages heldOut) {
  public HeldOutSplit {
    DataSet.requireSameKind(train, heldOut);
  }

  /**
   * Sets a share of the images of every class apart, at random but the same for the same seed. Both
   * parts keep the order of the images, and of each class with two images or more both get at least
   * one; the only image of a class is trained on. Images that are each alone in their class are
   * refused, since nothing would be held out.
   *
   * @param heldOutShare in (0, 1)
   * @param seed any number
   */
  public static HeldOutSplit of(LabelledImages images, double heldOutShare, long seed) {
    if (!(heldOutShare > 0 && heldOutShare < 1)) {
      throw new IllegalArgumentException(
          images.name() + ": the held-out share must be in (0, 1), was " + heldOutShare);
    }
    boolean[] apart = new boolean[images.size()];
    // Random's numbers are laid down by its specification, so a split outlives the Java version.
    Random random = new Random(seed);
    for (int label = 0; label < images.classes().size(); label++) {
      int[] members = images.indicesOf(label);
      if (members.length < 2) {
        continue;
      }
      int wanted = (int) Math.round(heldOutShare * members.length);
      int count = Math.min(Math.max(wanted, 1), members.length - 1);
      for (int i = 0; i < count; i++) {
        int j = i + random.nextInt(members.length - i);
        apart[members[j]] = true;
        members[j] = members[i];
      }
    }
    if (images.size() > 0 && IntStream.range(0, images.size()).noneMatch(i -> apart[i])) {
      throw new BadInputException(
          images.name(),
          "at least 2 images of one class, one to train on and one to hold out",
          "1 of each",
          "add images");
    }
    int[] kept = IntStream.range(0, images.size()).filter(i -> !apart[i]).toArray();
    int[] held = IntStream.range(0, images.size()).filter(i -> apart[i]).toArray();
    return new HeldOutSplit(
        images.subset(kept).named(images.name() + ", training part"),
        images.subset(held).named(images.name() + ", held-out part"));
  }
}
