package shallows.demo;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a model says of a picture.
 *
 * @param probabilities one a class, they add up to 1
 * @param milliseconds of the network alone
 */
record Answer(ModelBundle.Model model, float[] probabilities, double milliseconds) {
  static Answer of(ModelBundle.Model model, float[] logits, double milliseconds) {
    double largest = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElse(0);
    double[] powers =
        IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    float[] probabilities = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = (float) (powers[i] / sum);
    }
    return new Answer(model, probabilities, milliseconds);
  }

  /** The index of the most probable class. */
  int best() {
    return top(1, 0).get(0);
  }

  /**
   * Indices of the most probable classes, the best first.
   *
   * @param least the probability that each has at least
   */
  List<Integer> top(int count, float least) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .filter(c -> !(probabilities[c] < least))
        .sorted((a, b) -> Float.compare(probabilities[b], probabilities[a]))
        .limit(count)
        .collect(Collectors.toList());
  }
}
