package shallows.train.loop;

import java.util.Random;
import org.hipparchus.random.RandomDataGenerator;
import shallows.train.options.Regularization;

/**
 * Puts images together from two, and their targets too: {@code mixup} (Zhang et al. 2018, "mixup:
 * beyond empirical risk minimization") and {@code CutMix} (Yun et al. 2019). Image i of a batch of
 * N meets image N − 1 − i; a batch is in random order, so that is as good as drawing. With a share
 * λ ~ Beta(α, α) of its own for each pair, images x and y, targets s and t:
 *
 * <pre>
 *   mixup:   x ← λ·x + (1 − λ)·y     y ← λ·y + (1 − λ)·x     s, t likewise
 *   CutMix:  x and y exchange a box of the area 1 − λ around a random pixel, cut off at the edges;
 *            s ← λ'·s + (1 − λ')·t, t likewise, with λ' the share of the image outside the box
 * </pre>
 *
 * The papers draw one λ for a whole batch. One for each pair is the same augmentation, but the mean
 * loss of a batch does not hang on a single draw, which would drown what the statistics read off
 * it.
 */
final class Mixing {
  private final Regularization options;
  private final int height;
  private final int width;
  private final int channels;
  private final int classes;

  Mixing(Regularization options, int height, int width, int channels, int classes) {
    this.options = options;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.classes = classes;
  }

  /**
   * Mixes in place. The one in the middle of an odd number stays as it is.
   *
   * @param pixels {@code (N, H, W, C)}
   * @param targets {@code (N, classes)}
   * @param count N
   * @param random gives one number a batch, whatever is drawn from it
   */
  void apply(float[] pixels, float[] targets, int count, Random random) {
    if (!options.mixes()) {
      return;
    }
    RandomDataGenerator draws = new RandomDataGenerator(random.nextLong());
    for (int i = 0; i < count / 2; i++) {
      int j = count - 1 - i;
      boolean both = options.mixup() > 0 && options.cutmix() > 0;
      boolean cuts = both ? draws.nextInt(2) == 0 : options.cutmix() > 0;
      float share =
          cuts
              ? exchangeBox(pixels, i, j, draws)
              : blendAll(pixels, i, j, (float) draws.nextBeta(options.mixup(), options.mixup()));
      blend(targets, i * classes, j * classes, classes, share);
    }
  }

  private float blendAll(float[] pixels, int i, int j, float share) {
    int image = height * width * channels;
    blend(pixels, i * image, j * image, image, share);
    return share;
  }

  private static void blend(float[] values, int first, int second, int length, float share) {
    for (int k = 0; k < length; k++) {
      float x = values[first + k];
      float y = values[second + k];
      values[first + k] = share * x + (1 - share) * y;
      values[second + k] = share * y + (1 - share) * x;
    }
  }

  /**
   * @return the share of the image outside the box
   */
  private float exchangeBox(float[] pixels, int i, int j, RandomDataGenerator draws) {
    double side = Math.sqrt(1 - draws.nextBeta(options.cutmix(), options.cutmix()));
    int boxHeight = (int) (height * side);
    int boxWidth = (int) (width * side);
    int middleRow = draws.nextInt(height);
    int middleColumn = draws.nextInt(width);
    int top = Math.max(0, middleRow - boxHeight / 2);
    int bottom = Math.min(height, middleRow + (boxHeight + 1) / 2);
    int left = Math.max(0, middleColumn - boxWidth / 2);
    int right = Math.min(width, middleColumn + (boxWidth + 1) / 2);
    int image = height * width * channels;
    for (int y = top; y < bottom; y++) {
      for (int k = (y * width + left) * channels; k < (y * width + right) * channels; k++) {
        float x = pixels[i * image + k];
        pixels[i * image + k] = pixels[j * image + k];
        pixels[j * image + k] = x;
      }
    }
    return 1 - (float) Math.max(0, bottom - top) * Math.max(0, right - left) / (height * width);
  }
}
