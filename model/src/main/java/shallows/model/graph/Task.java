package shallows.model.graph;

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
    Normalization pixels = new Normalization(mean, deviation);
    mean = pixels.mean();
    deviation = pixels.deviation();
  }

  public Task(List<String> labels, Normalization pixels) {
    this(labels, pixels.mean(), pixels.deviation());
  }

  public Normalization normalization() {
    return new Normalization(mean, deviation);
  }

  /** Classes without names, pixels in [0, 1] as they are. */
  public static Task unnamed(int classes, int channels) {
    return new Task(
        IntStream.range(0, classes).mapToObj(i -> "class " + i).toList(),
        Normalization.none(channels));
  }
}
