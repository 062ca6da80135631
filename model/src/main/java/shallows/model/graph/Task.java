package shallows.model.graph;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the numbers that go in and come out of a classifier mean.
 *
 * @param labels the classes in the order of the logits
 * @param mean per channel, of pixels scaled to [0, 1], subtracted first
 * @param deviation per channel, positive; divided by after that
 */
public record Task(List<String> labels, List<Float> mean, List<Float> deviation) {
  public Task {
    labels = List.copyOf(labels);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size()) {
      throw new IllegalArgumentException(
          "mean and deviation must have one value a channel each, found "
              + mean.size()
              + " and "
              + deviation.size());
    }
    for (float value : mean) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("mean must be finite, found " + value);
      }
    }
    for (float value : deviation) {
      if (!(value > 0) || !Float.isFinite(value)) {
        throw new IllegalArgumentException("deviation must be positive and finite, found " + value);
      }
    }
  }

  /** Classes without names, pixels in [0, 1] as they are. */
  public static Task unnamed(int classes, int channels) {
    return new Task(
        IntStream.range(0, classes).mapToObj(i -> "class " + i).toList(),
        Collections.nCopies(channels, 0f),
        Collections.nCopies(channels, 1f));
  }
}
