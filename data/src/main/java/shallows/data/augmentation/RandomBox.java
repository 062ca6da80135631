package shallows.data.augmentation;

import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A rectangle at a random place of an image, its area uniform and its aspect uniform in the
 * logarithm. Sizes are rounded to whole pixels; what does not fit is drawn again.
 *
 * @param top first row
 * @param left first column
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
record RandomBox(int top, int left, int height, int width) {
  private static final int TRIES = 10;

  /**
   * @param leastShare of the area, more than 0
   * @param mostShare likewise, at most 1
   * @param aspect the largest of height to width, and of width to height
   * @return empty where ten of them did not fit
   */
  static Optional<RandomBox> draw(
      Raster image, double leastShare, double mostShare, double aspect, RandomGenerator random) {
    int pixels = image.height() * image.width();
    for (int i = 0; i < TRIES; i++) {
      double area = pixels * (leastShare + (mostShare - leastShare) * random.nextDouble());
      double ratio = StrictMath.exp((2 * random.nextDouble() - 1) * StrictMath.log(aspect));
      int width = (int) Math.round(Math.sqrt(area * ratio));
      int height = (int) Math.round(Math.sqrt(area / ratio));
      if (width >= 1 && width <= image.width() && height >= 1 && height <= image.height()) {
        int top = random.nextInt(image.height() - height + 1);
        return Optional.of(
            new RandomBox(top, random.nextInt(image.width() - width + 1), height, width));
      }
    }
    return Optional.empty();
  }

  /** What of the image is inside. */
  Raster of(Raster image) {
    byte[] inside = new byte[height * width * image.channels()];
    int row = width * image.channels();
    for (int y = 0; y < height; y++) {
      int in = ((top + y) * image.width() + left) * image.channels();
      System.arraycopy(image.pixels(), in, inside, y * row, row);
    }
    return new Raster(inside, height, width, image.channels());
  }
}
