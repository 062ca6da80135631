package shallows.pipeline.report;

import shallows.model.Expect;
import shallows.model.UnexpectedValueException;

/**
 * A test image and what the networks say of it.
 *
 * @param pixels unsigned, {@code (H, W, C)}
 * @param height pixels
 * @param width pixels
 * @param channels 1 (grey) or 3 (red, green, blue)
 * @param label index of the true class
 * @param full probabilities of the full network, {@code (classes)}
 * @param pruned probabilities of the pruned network, {@code (classes)}
 */
public record Sample(
    byte[] pixels, int height, int width, int channels, int label, float[] full, float[] pruned) {
  public Sample {
    Expect.require(channels == 1 || channels == 3, "channels", "1 or 3", channels);
    Expect.require(
        height >= 1 && width >= 1 && pixels.length == height * width * channels,
        "pixels",
        height + " x " + width + " x " + channels,
        pixels.length + " bytes");
    pixels = pixels.clone();
    full = full.clone();
    pruned = pruned.clone();
  }

  void requireClasses(int classes) {
    if (label < 0 || label >= classes || full.length != classes || pruned.length != classes) {
      throw new UnexpectedValueException(
          "samples",
          "a label below " + classes + " and as many probabilities",
          "label " + label + " with " + full.length + " and " + pruned.length);
    }
  }
}
