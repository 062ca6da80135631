package shallows.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is done to a pixel before a network sees it, channel by channel: {@code (v / 255 - mean) /
 * deviation} for the stored value v in [0, 255].
 *
 * @param mean of the pixels scaled to [0, 1], one a channel
 * @param deviation standard deviation of the same, positive, one a channel
 */
public record Normalization(List<Float> mean, List<Float> deviation) {
  static final int LEVELS = 256;
  private static final double LARGEST = LEVELS - 1;

  public Normalization {
    mean = finite("mean", mean);
    deviation = finite("deviation", deviation);
    if (mean.size() != deviation.size()) {
      throw new IllegalArgumentException(
          "normalization: expected as many deviations as means ("
              + mean.size()
              + "), found "
              + deviation.size());
    }
    for (float value : deviation) {
      if (value <= 0) {
        throw new IllegalArgumentException(
            "normalization.deviation: must be positive, was " + value);
      }
    }
  }

  /** Leaves pixels scaled to [0, 1] as they are. */
  public static Normalization none(int channels) {
    return new Normalization(Collections.nCopies(channels, 0f), Collections.nCopies(channels, 1f));
  }

  /**
   * Mean and standard deviation over all pixels of a set. They come from counts of the 256 levels,
   * so they do not depend on the order of the images. A channel of one level gets deviation 1:
   * there is nothing to scale.
   */
  public static Normalization measure(LabelledImages images) {
    long[][] counts = countLevels(images);
    double total = (double) images.size() * images.height() * images.width();
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (long[] levels : counts) {
      double sum = 0;
      for (int v = 0; v < LEVELS; v++) {
        sum += levels[v] * (v / LARGEST);
      }
      double centre = sum / total;
      double squares = 0;
      for (int v = 0; v < LEVELS; v++) {
        double distance = v / LARGEST - centre;
        squares += levels[v] * distance * distance;
      }
      float spread = (float) Math.sqrt(squares / total);
      mean.add((float) centre);
      deviation.add(isConstant(levels) ? 1f : spread);
    }
    return new Normalization(mean, deviation);
  }

  /** How many channels this is for. */
  public int channels() {
    return mean.size();
  }

  /**
   * Every answer there is: the normalized value of level v of channel c stands at {@code c * 256 +
   * v}. A batch has far more pixels than this has entries, so looking up beats computing.
   *
   * @param wanted the channels of the images
   * @param where for the message, if these are others
   */
  float[] table(int wanted, String where) {
    if (wanted != channels()) {
      String expected = "expected a normalization of " + wanted + " channels";
      throw new IllegalArgumentException(where + ": " + expected + ", found one of " + channels());
    }
    float[] table = new float[channels() * LEVELS];
    for (int c = 0; c < channels(); c++) {
      for (int v = 0; v < LEVELS; v++) {
        table[c * LEVELS + v] = (float) ((v / LARGEST - mean.get(c)) / deviation.get(c));
      }
    }
    return table;
  }

  /** How often each level occurs: {@code (C, 256)}. */
  private static long[][] countLevels(LabelledImages images) {
    int channels = images.channels();
    long[][] counts = new long[channels][LEVELS];
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

  private static List<Float> finite(String name, List<Float> values) {
    if (values == null || values.isEmpty()) {
      throw new IllegalArgumentException(
          "normalization." + name + ": expected a number for each channel, found none");
    }
    for (Float value : values) {
      if (value == null || !Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "normalization." + name + ": expected finite numbers, found " + values);
      }
    }
    return List.copyOf(values);
  }
}
