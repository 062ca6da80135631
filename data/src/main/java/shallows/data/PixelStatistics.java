package shallows.data;

import java.util.ArrayList;
import java.util.List;
import shallows.model.graph.Normalization;

/** What the pixels of a set have in common. */
public final class PixelStatistics {
  private PixelStatistics() {}

  /**
   * Mean and standard deviation over all pixels of a set. They come from counts of the 256 levels,
   * so they do not depend on the order of the images. A channel of one level gets deviation 1:
   * there is nothing to scale.
   */
  public static Normalization normalization(LabelledImages images) {
    long[][] counts = countLevels(images);
    double total = (double) images.size() * images.height() * images.width();
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (long[] levels : counts) {
      double sum = 0;
      for (int v = 0; v < NormalizedLevels.LEVELS; v++) {
        sum += levels[v] * (v / NormalizedLevels.LARGEST);
      }
      double centre = sum / total;
      double squares = 0;
      for (int v = 0; v < NormalizedLevels.LEVELS; v++) {
        double distance = v / NormalizedLevels.LARGEST - centre;
        squares += levels[v] * distance * distance;
      }
      float spread = (float) Math.sqrt(squares / total);
      mean.add((float) centre);
      deviation.add(isConstant(levels) ? 1f : spread);
    }
    return new Normalization(mean, deviation);
  }

  /** How often each level occurs: {@code (C, 256)}. */
  private static long[][] countLevels(LabelledImages images) {
    int channels = images.channels();
    long[][] counts = new long[channels][NormalizedLevels.LEVELS];
    images.readAhead();
    for (int i = 0; i < images.size(); i++) {
      byte[] pixels = images.pixels(i);
      int end = images.offset(i) + images.imageBytes();
      for (int in = images.offset(i); in < end; in += channels) {
        for (int c = 0; c < channels; c++) {
          counts[c][pixels[in + c] & 0xff]++;
        }
      }
    }
    return counts;
  }

  private static boolean isConstant(long[] levels) {
    int used = 0;
    for (long count : levels) {
      used += count > 0 ? 1 : 0;
    }
    return used == 1;
  }
}
