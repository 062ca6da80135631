package shallows.export.quantize.calibrate;

import shallows.data.LabelledImages;

/**
 * The images that scales are chosen on; never those that accuracy is reported on.
 *
 * @param ranges what the values of the network are seen on: a few hundred training images
 * @param choice what decides between the calibrators: held-out training images
 */
public record CalibrationImages(LabelledImages ranges, LabelledImages choice) {
  private static final int RANGES = 256;
  private static final int CHOICE = 500;

  /** Of large networks a part of these does: each image brings more values and more answers. */
  private static final int FEWEST_RANGES = 48;

  private static final int FEWEST_CHOICE = 100;

  /** For one image, beyond which there are fewer images. */
  private static final long MACS_OF_SMALL_NETWORKS = 50_000_000;

  /**
   * Takes as many of each as it needs.
   *
   * @param macs of the network, for one image
   * @param train in any order; taken evenly from all of it
   * @param heldOut likewise
   */
  public static CalibrationImages of(long macs, LabelledImages train, LabelledImages heldOut) {
    return new CalibrationImages(
        train.evenly(count(macs, RANGES, FEWEST_RANGES)),
        heldOut.evenly(count(macs, CHOICE, FEWEST_CHOICE)));
  }

  private static int count(long macs, int most, int fewest) {
    return (int)
        Math.max(fewest, Math.min(most, most * MACS_OF_SMALL_NETWORKS / Math.max(1, macs)));
  }
}
