package shallows.data.augmentation;

import java.util.random.RandomGenerator;
import shallows.data.decode.ImageResize;

/**
 * A random part of an image, brought to the size of the whole (Szegedy et al. 2015, "Going deeper
 * with convolutions", section 6): of {@code leastShare} to all of its area, with sides of 3 to 4 up
 * to 4 to 3. Where ten parts do not fit, the largest one in the middle that keeps to these sides.
 *
 * @param leastShare of the area, in (0, 1)
 */
public record ResizedCrop(double leastShare) {
  private static final double ASPECT = 4.0 / 3;

  public Raster of(Raster image, RandomGenerator random) {
    Raster part =
        RandomBox.draw(image, leastShare, 1, ASPECT, random)
            .orElseGet(() -> middle(image))
            .of(image);
    return image.with(
        ImageResize.resize(
            part.pixels(),
            part.height(),
            part.width(),
            image.channels(),
            image.height(),
            image.width()));
  }

  private static RandomBox middle(Raster image) {
    int height = Math.min(image.height(), (int) Math.round(image.width() * ASPECT));
    int width = Math.min(image.width(), (int) Math.round(image.height() * ASPECT));
    return new RandomBox((image.height() - height) / 2, (image.width() - width) / 2, height, width);
  }
}
