package shallows.data.augmentation;

import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * Changes brightness, contrast and saturation, in a random order, each by a factor of its own that
 * is uniform in [1 − x, 1 + x].
 *
 * @param strength x, in (0, 1]
 */
public record ColorJitter(double strength) {
  private static final List<BiFunction<Raster, Double, Raster>> CHANGES =
      List.of(Tones::brightness, Tones::contrast, Tones::saturation);

  /** Every order in which the three can come. */
  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  public Raster of(Raster image, RandomGenerator random) {
    Raster changed = image;
    for (int change : ORDERS[random.nextInt(ORDERS.length)]) {
      double factor = 1 + strength * (2 * random.nextDouble() - 1);
      changed = CHANGES.get(change).apply(changed, factor);
    }
    return changed;
  }
}
