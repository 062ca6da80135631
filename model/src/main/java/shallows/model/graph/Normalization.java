package shallows.model.graph;

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

  /** How many channels this is for. */
  public int channels() {
    return mean.size();
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
