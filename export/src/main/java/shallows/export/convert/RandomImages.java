package shallows.export.convert;

import java.util.Optional;
import java.util.Random;
import shallows.model.graph.FakeQuantization;
import shallows.model.onnx.read.ImportedNetwork;

/**
 * Images of no kind: normally distributed, as normalized pixels are. Those for a file that rounds
 * its image stay within what that is rounded to, with four deviations on either side, so that the
 * integers inside it are hardly ever at their ends.
 */
final class RandomImages {
  /**
   * Enough that an error in one channel or at one edge shows; a random image reaches all of them.
   */
  private static final int IMAGES = 4;

  private static final double DEVIATIONS = 8;

  private RandomImages() {}

  /** Each {@code (H, W, C)}. */
  static float[][] of(ImportedNetwork network, long seed) {
    Random random = new Random(seed);
    Optional<FakeQuantization.Levels> levels =
        network.integers().map(stored -> stored.values().get(network.graph().input().name()));
    float[][] images = new float[IMAGES][network.graph().input().shape().size()];
    for (float[] image : images) {
      for (int p = 0; p < image.length; p++) {
        image[p] =
            levels.isPresent()
                ? within(levels.get(), random.nextGaussian())
                : (float) random.nextGaussian();
      }
    }
    return images;
  }

  private static float within(FakeQuantization.Levels levels, double drawn) {
    double middle = (levels.lowest() + levels.highest()) / 2.0;
    double deviation = (levels.highest() - levels.lowest()) / DEVIATIONS;
    return (float) (levels.scale() * (middle + drawn * deviation));
  }
}
