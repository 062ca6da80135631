package shallows.export.calibrate;

import shallows.model.images.LabelledImages;

/**
 * The images that scales are chosen on; never those that accuracy is reported on.
 *
 * @param ranges what the values of the network are seen on: a few hundred training images
 * @param choice what decides between the calibrators: held-out training images
 */
public record CalibrationImages(LabelledImages ranges, LabelledImages choice) {
  private static final int RANGES = 256;
  private static final int CHOICE = 500;

  /**
   * Takes as many of each as it needs.
   *
   * @param train in any order; taken evenly from all of it
   * @param heldOut likewise
   */
  public static CalibrationImages of(LabelledImages train, LabelledImages heldOut) {
    return new CalibrationImages(some(train, RANGES), some(heldOut, CHOICE));
  }

  private static LabelledImages some(LabelledImages images, int most) {
    int count = Math.min(most, images.size());
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = (int) ((long) i * images.size() / count);
    }
    return images.subset(indices);
  }
}
