package shallows.pipeline.report;

import shallows.data.LabelledImages;
import shallows.model.Expect;

/**
 * An image for the page to show.
 *
 * @param pixels unsigned, {@code (H, W, C)}
 * @param height pixels
 * @param width pixels
 * @param channels 1 (grey) or 3 (red, green, blue)
 */
public record Picture(byte[] pixels, int height, int width, int channels) {
  public Picture {
    Expect.require(channels == 1 || channels == 3, "channels", "1 or 3", channels);
    Expect.require(
        height >= 1 && width >= 1 && pixels.length == height * width * channels,
        "pixels",
        height + " x " + width + " x " + channels,
        pixels.length + " bytes");
    pixels = pixels.clone();
  }

  /** Image {@code i} of a set. */
  public static Picture of(LabelledImages images, int i) {
    return new Picture(images.image(i), images.height(), images.width(), images.channels());
  }
}
