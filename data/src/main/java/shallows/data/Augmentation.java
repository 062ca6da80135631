package shallows.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.graph.Normalization;

/**
 * The usual augmentation of small images: a crop at a random place of the image with {@code shift}
 * black pixels around it, and a mirror image every other time. As in the CIFAR recipes the padding
 * is black before normalization, so it is not zero after it.
 *
 * @param flip whether half of the images are mirrored left to right
 * @param shift the largest shift in pixels, up, down, left and right; every shift in [-shift,
 *     shift] is as likely
 */
public record Augmentation(boolean flip, int shift) implements Serializable {
  private static final long serialVersionUID = 1;

  /** Every image as it is. */
  public static final Augmentation NONE = new Augmentation(false, 0);

  public Augmentation {
    Expect.require(shift >= 0, Setting.SHIFT, "at least 0 pixels", shift);
  }

  /**
   * Writes the augmented and normalized images of these indices into {@code target}, {@code (N, H,
   * W, C)}, in one pass over its values.
   *
   * @param random gives three numbers an image, whatever the settings, so that runs which differ in
   *     one setting stay comparable
   * @param target at least {@code indices.length * imageBytes()} long
   */
  public void fill(
      LabelledImages images,
      int[] indices,
      Normalization normalization,
      RandomGenerator random,
      float[] target) {
    float[] table = images.table(normalization);
    for (int n = 0; n < indices.length; n++) {
      int down = random.nextInt(2 * shift + 1) - shift;
      int right = random.nextInt(2 * shift + 1) - shift;
      boolean mirrored = random.nextBoolean() && flip;
      write(images, indices[n], table, down, right, mirrored, target, n * images.imageBytes());
    }
  }

  /**
   * Pixel (y, x) of the result is pixel (y - down, x - right) of the image, or of its mirror image,
   * and black where there is none.
   */
  private static void write(
      LabelledImages images,
      int index,
      float[] table,
      int down,
      int right,
      boolean mirrored,
      float[] target,
      int out) {
    byte[] pixels = images.pixels(index);
    int channels = images.channels();
    int width = images.width();
    int height = images.height();
    int rowLength = width * channels;
    // Columns [first, last) of the result come from the image; all of them may be outside.
    int first = Math.min(Math.max(right, 0), width);
    int last = Math.max(Math.min(width + right, width), first);
    int firstSource = mirrored ? width - 1 - (first - right) : first - right;
    int step = mirrored ? -channels : channels;
    for (int y = 0; y < height; y++) {
      int row = out + y * rowLength;
      int sourceRow = y - down;
      if (sourceRow < 0 || sourceRow >= height) {
        blacken(target, row, row + rowLength, table, channels);
        continue;
      }
      blacken(target, row, row + first * channels, table, channels);
      blacken(target, row + last * channels, row + rowLength, table, channels);
      int in = images.offset(index) + sourceRow * rowLength + firstSource * channels;
      int end = row + last * channels;
      for (int o = row + first * channels; o < end; o += channels, in += step) {
        for (int c = 0; c < channels; c++) {
          target[o + c] = table[c * NormalizedLevels.LEVELS + (pixels[in + c] & 0xff)];
        }
      }
    }
  }

  private static void blacken(float[] target, int from, int to, float[] table, int channels) {
    if (channels == 1) {
      Arrays.fill(target, from, to, table[0]);
      return;
    }
    for (int o = from; o < to; o += channels) {
      for (int c = 0; c < channels; c++) {
        target[o + c] = table[c * NormalizedLevels.LEVELS];
      }
    }
  }
}
