package shallows.data;

import shallows.model.graph.Normalization;

/** The 256 levels that a stored pixel has, normalized. */
final class NormalizedLevels {
  static final int LEVELS = 256;
  static final double LARGEST = LEVELS - 1;

  private NormalizedLevels() {}

  /**
   * Every answer there is: the normalized value of level v of channel c stands at {@code c * 256 +
   * v}. A batch has far more pixels than this has entries, so looking up beats computing.
   *
   * @param wanted the channels of the images
   * @param where for the message, if these are others
   */
  static float[] table(Normalization normalization, int wanted, String where) {
    int channels = normalization.channels();
    if (wanted != channels) {
      String expected = "expected a normalization of " + wanted + " channels";
      throw new IllegalArgumentException(where + ": " + expected + ", found one of " + channels);
    }
    float[] table = new float[channels * LEVELS];
    for (int c = 0; c < channels; c++) {
      for (int v = 0; v < LEVELS; v++) {
        table[c * LEVELS + v] =
            (float)
                ((v / LARGEST - normalization.mean().get(c)) / normalization.deviation().get(c));
      }
    }
    return table;
  }

  /** Writes images one after another into {@code target}, by a {@link #table} for them. */
  static void fill(LabelledImages images, int[] indices, float[] table, float[] target) {
    int to = 0;
    for (int index : indices) {
      byte[] pixels = images.pixels(index);
      int from = images.offset(index);
      for (int end = from + images.imageBytes(); from < end; ) {
        for (int c = 0; c < images.channels(); c++) {
          target[to++] = table[c * LEVELS + (pixels[from++] & 0xff)];
        }
      }
    }
  }

  /** Writes one image, {@code (H, W, C)}, into {@code target} from {@code to} on. */
  static void fill(byte[] pixels, int channels, float[] table, float[] target, int to) {
    for (int i = 0; i < pixels.length; i++) {
      target[to + i] = table[i % channels * LEVELS + (pixels[i] & 0xff)];
    }
  }
}
