package shallows.data.augmentation;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Takes a random rectangle out of an image (Zhong et al. 2020, "Random erasing data augmentation"):
 * of 2 % to a third of its area, with sides of 3 to 10 up to 10 to 3. What is erased gets the mean
 * of the normalization, which is 0 once pixels are normalized.
 *
 * @param probability with which it happens, in (0, 1]
 */
public record RandomErasing(double probability) {
  private static final double LEAST = 0.02;
  private static final double MOST = 1.0 / 3;
  private static final double ASPECT = 10.0 / 3;

  /**
   * @param size of the image; its pixels are not looked at
   * @param normalized where the image stands, {@code (H, W, C)}, from {@code offset} on
   */
  public void apply(Raster size, float[] normalized, int offset, RandomGenerator random) {
    if (random.nextDouble() >= probability) {
      return;
    }
    RandomBox.draw(size, LEAST, MOST, ASPECT, random)
        .ifPresent(
            box -> {
              int row = size.width() * size.channels();
              for (int y = box.top(); y < box.top() + box.height(); y++) {
                int from = offset + y * row + box.left() * size.channels();
                Arrays.fill(normalized, from, from + box.width() * size.channels(), 0);
              }
            });
  }
}
