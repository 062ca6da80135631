package shallows.data.augmentation;

import java.util.Arrays;

/**
 * Changes of the tones of an image, with the bytes that Pillow's {@code ImageEnhance} and {@code
 * ImageOps} give. The first four blend the image v with a duller one d, factor f being 1 for the
 * image itself, 0 for d and more than 1 for the opposite of it:
 *
 * <pre>
 *   v ← d + f·(v − d), in floats, cut off to [0, 255] and then to a whole number
 * </pre>
 */
final class Tones {
  private static final int LEVELS = 256;
  private static final int LARGEST = 255;

  // ITU-R 601, as integers of 16 bits.
  private static final int RED = 19595;
  private static final int GREEN = 38470;
  private static final int BLUE = 7471;

  private Tones() {}

  /** Against black. */
  static Raster brightness(Raster image, double factor) {
    return blend(image, new byte[image.pixels().length], factor);
  }

  /** Against the grey of its mean luma. */
  static Raster contrast(Raster image, double factor) {
    byte[] luma = luma(image);
    long sum = 0;
    for (byte level : luma) {
      sum += level & 0xff;
    }
    byte[] grey = new byte[image.pixels().length];
    Arrays.fill(grey, (byte) (int) ((double) sum / luma.length + 0.5));
    return blend(image, grey, factor);
  }

  /** Against its shades of grey. An image without colours stays as it is. */
  static Raster saturation(Raster image, double factor) {
    if (!image.hasColours()) {
      return image;
    }
    byte[] luma = luma(image);
    byte[] grey = new byte[image.pixels().length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = luma[i / image.channels()];
    }
    return blend(image, grey, factor);
  }

  /**
   * Against itself smoothed by the mean of 3x3 pixels, of which the middle counts five times. The
   * pixels at the edges stay.
   */
  static Raster sharpness(Raster image, double factor) {
    byte[] smooth = image.pixels().clone();
    int row = image.width() * image.channels();
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = y * row + image.channels(); i < (y + 1) * row - image.channels(); i++) {
        int sum = 4 * (image.pixels()[i] & 0xff);
        for (int dy = -row; dy <= row; dy += row) {
          for (int dx = -image.channels(); dx <= image.channels(); dx += image.channels()) {
            sum += image.pixels()[i + dy + dx] & 0xff;
          }
        }
        // Of 13 in all, rounded to the nearest; 13 is odd, so there is never a middle.
        smooth[i] = (byte) ((2 * sum + 13) / 26);
      }
    }
    return blend(image, smooth, factor);
  }

  /**
   * Keeps the highest bits of each level.
   *
   * @param bits 1 to 8
   */
  static Raster posterize(Raster image, int bits) {
    int mask = -1 << (8 - bits);
    byte[] result = image.pixels().clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= (byte) mask;
    }
    return image.with(result);
  }

  /** Turns levels v of at least the threshold into 255 − v. */
  static Raster solarize(Raster image, double threshold) {
    byte[] result = image.pixels().clone();
    for (int i = 0; i < result.length; i++) {
      int level = result[i] & 0xff;
      result[i] = (byte) (level < threshold ? level : LARGEST - level);
    }
    return image.with(result);
  }

  /** Stretches each channel from its darkest and lightest level to 0 and 255. */
  static Raster autoContrast(Raster image) {
    byte[][] tables = new byte[image.channels()][];
    for (int c = 0; c < tables.length; c++) {
      int[] counts = counts(image, c);
      int low = 0;
      int high = LARGEST;
      while (counts[low] == 0) {
        low++;
      }
      while (counts[high] == 0) {
        high--;
      }
      tables[c] = identity();
      if (high > low) {
        double scale = (double) LARGEST / (high - low);
        double offset = -low * scale;
        for (int v = 0; v < LEVELS; v++) {
          tables[c][v] = (byte) (int) Math.max(0, Math.min(LARGEST, v * scale + offset));
        }
      }
    }
    return mapped(image, tables);
  }

  /**
   * Makes all levels of each channel about equally frequent: level v becomes the number of pixels
   * below it, and half a step, by the step of (pixels − those of the lightest level) / 255.
   */
  static Raster equalize(Raster image) {
    byte[][] tables = new byte[image.channels()][];
    for (int c = 0; c < tables.length; c++) {
      int[] counts = counts(image, c);
      int high = LARGEST;
      while (counts[high] == 0) {
        high--;
      }
      int step = (image.height() * image.width() - counts[high]) / LARGEST;
      tables[c] = identity();
      if (step > 0) {
        int below = step / 2;
        for (int v = 0; v < LEVELS; v++) {
          tables[c][v] = (byte) Math.min(LARGEST, below / step);
          below += counts[v];
        }
      }
    }
    return mapped(image, tables);
  }

  private static byte[] identity() {
    byte[] table = new byte[LEVELS];
    for (int v = 0; v < LEVELS; v++) {
      table[v] = (byte) v;
    }
    return table;
  }

  private static int[] counts(Raster image, int channel) {
    int[] counts = new int[LEVELS];
    for (int i = channel; i < image.pixels().length; i += image.channels()) {
      counts[image.pixels()[i] & 0xff]++;
    }
    return counts;
  }

  private static Raster mapped(Raster image, byte[][] tables) {
    byte[] result = new byte[image.pixels().length];
    for (int i = 0; i < result.length; i++) {
      result[i] = tables[i % image.channels()][image.pixels()[i] & 0xff];
    }
    return image.with(result);
  }

  /** One level a pixel; of an image without colours, the first channel. */
  private static byte[] luma(Raster image) {
    byte[] luma = new byte[image.height() * image.width()];
    for (int i = 0; i < luma.length; i++) {
      int at = i * image.channels();
      int first = image.pixels()[at] & 0xff;
      luma[i] =
          (byte)
              (image.hasColours()
                  ? (first * RED
                          + (image.pixels()[at + 1] & 0xff) * GREEN
                          + (image.pixels()[at + 2] & 0xff) * BLUE
                          + 0x8000)
                      >> 16
                  : first);
    }
    return luma;
  }

  private static Raster blend(Raster image, byte[] dull, double factor) {
    float f = (float) factor;
    byte[] result = new byte[dull.length];
    for (int i = 0; i < result.length; i++) {
      int d = dull[i] & 0xff;
      float level = d + f * ((image.pixels()[i] & 0xff) - d);
      result[i] = (byte) (int) Math.max(0, Math.min(LARGEST, level));
    }
    return image.with(result);
  }
}
