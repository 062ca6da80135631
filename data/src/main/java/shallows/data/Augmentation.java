package shallows.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import shallows.data.augmentation.Affine;
import shallows.data.augmentation.ColorJitter;
import shallows.data.augmentation.RandomErasing;
import shallows.data.augmentation.Raster;
import shallows.data.augmentation.ResizedCrop;
import shallows.data.augmentation.TrivialAugment;
import shallows.model.Expect;
import shallows.model.Setting;
import shallows.model.graph.Normalization;

/**
 * What is done to an image before a step of training sees it, in this order; nothing is done to
 * images that are tested.
 *
 * <ol>
 *   <li>{@link ResizedCrop}: a random part of it, for photos.
 *   <li>The usual augmentation of small images: a crop at a random place of the image with {@code
 *       shift} black pixels around it, and a mirror image every other time. As in the CIFAR recipes
 *       the padding is black before normalization, so it is not zero after it.
 *   <li>{@link TrivialAugment}, one of 14 changes at a random strength.
 *   <li>{@link ColorJitter}, other brightness, contrast and saturation.
 *   <li>{@link RandomErasing}, a rectangle without content, once it is normalized.
 * </ol>
 *
 * @param flip whether half of the images are mirrored left to right
 * @param shift the largest shift in pixels, up, down, left and right; every shift in [-shift,
 *     shift] is as likely
 * @param resizedCrop the smallest share of an image's area that is cut out and brought to its size,
 *     in (0, 1); 0 for the whole image
 * @param trivialAugment whether images get one of the 14 changes
 * @param colorJitter how far brightness, contrast and saturation go from 1, in [0, 1]
 * @param randomErasing probability that a part of an image is erased, in [0, 1]
 */
public record Augmentation(
    boolean flip,
    int shift,
    double resizedCrop,
    boolean trivialAugment,
    double colorJitter,
    double randomErasing)
    implements Serializable {
  private static final long serialVersionUID = 1;

  /** Larger than any image that is trained on. */
  private static final int MOST = 4096;

  /** Every image as it is. */
  public static final Augmentation NONE = new Augmentation(false, 0);

  public Augmentation {
    Expect.require(shift >= 0 && shift <= MOST, Setting.SHIFT, "0 to " + MOST + " pixels", shift);
    Expect.require(
        resizedCrop >= 0 && resizedCrop < 1,
        Setting.RESIZED_CROP,
        "a share of the area below 1, or 0 for the whole image",
        resizedCrop);
    Expect.fraction(Setting.COLOR_JITTER, colorJitter);
    Expect.fraction(Setting.RANDOM_ERASING, randomErasing);
  }

  /** The usual one of small images alone. */
  public Augmentation(boolean flip, int shift) {
    this(flip, shift, 0, false, 0, 0);
  }

  /**
   * Writes the augmented and normalized images of these indices into {@code target}, {@code (N, H,
   * W, C)}.
   *
   * @param random gives three numbers an image, whatever the settings, so that runs which differ in
   *     one setting stay comparable
   * @param ofPlace for each place in the batch, from 0, the numbers that all but flip and shift
   *     take as many of as they like. Images are changed side by side, each by its own numbers, so
   *     none depends on which others are beside it
   * @param target at least {@code indices.length * imageBytes()} long
   */
  public void fill(
      LabelledImages images,
      int[] indices,
      Normalization normalization,
      RandomGenerator random,
      IntFunction<? extends RandomGenerator> ofPlace,
      float[] target) {
    float[] table = images.table(normalization);
    int[] down = new int[indices.length];
    int[] right = new int[indices.length];
    boolean[] mirrored = new boolean[indices.length];
    for (int n = 0; n < indices.length; n++) {
      down[n] = random.nextInt(2 * shift + 1) - shift;
      right[n] = random.nextInt(2 * shift + 1) - shift;
      mirrored[n] = random.nextBoolean() && flip;
    }
    if (movesOnly()) {
      // In one pass over the values, and nothing to share among threads.
      for (int n = 0; n < indices.length; n++) {
        write(
            images,
            indices[n],
            table,
            down[n],
            right[n],
            mirrored[n],
            target,
            n * images.imageBytes());
      }
      return;
    }
    // Fetched here, in the order in which they were said to be read.
    Raster[] rasters = new Raster[indices.length];
    for (int n = 0; n < indices.length; n++) {
      rasters[n] =
          new Raster(images.image(indices[n]), images.height(), images.width(), images.channels());
    }
    IntStream.range(0, indices.length)
        .parallel()
        .forEach(
            n -> {
              RandomGenerator own = ofPlace.apply(n);
              Affine move =
                  mirrored[n]
                      ? Affine.mirror(images.width(), right[n], down[n])
                      : Affine.translate(right[n], down[n]);
              Raster changed = changed(rasters[n], move, own);
              int out = n * images.imageBytes();
              NormalizedLevels.fill(changed.pixels(), images.channels(), table, target, out);
              if (randomErasing > 0) {
                new RandomErasing(randomErasing).apply(changed, target, out, own);
              }
            });
  }

  private boolean movesOnly() {
    return resizedCrop == 0 && !trivialAugment && colorJitter == 0 && randomErasing == 0;
  }

  private Raster changed(Raster image, Affine move, RandomGenerator random) {
    Raster changed = resizedCrop > 0 ? new ResizedCrop(resizedCrop).of(image, random) : image;
    changed = move.of(changed);
    if (trivialAugment) {
      changed = TrivialAugment.of(changed, random);
    }
    return colorJitter > 0 ? new ColorJitter(colorJitter).of(changed, random) : changed;
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
