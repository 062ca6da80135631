package shallows.pipeline.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A test image with what the networks say of it.
 *
 * @param image as a data URI
 * @param label name of the true class
 * @param right whether the pruned network finds it
 * @param guesses the likeliest classes of the pruned network, likeliest first
 * @param full name of the class the full network finds
 * @param fullProbability that it gives to that class
 * @param fullRight whether the full network finds the true class
 */
record SampleView(
    String image,
    String label,
    boolean right,
    List<Guess> guesses,
    String full,
    String fullProbability,
    boolean fullRight) {

  private static final int GUESSES = 3;

  /**
   * @param share the probability as a CSS number
   * @param truth whether this is the true class
   */
  record Guess(String name, String probability, String share, boolean truth) {}

  static List<SampleView> of(ReportContent content) {
    return content.samples().stream()
        .map(sample -> of(sample, content.report().classes()))
        .toList();
  }

  private static SampleView of(Sample sample, List<String> classes) {
    int[] order = likeliestFirst(sample.pruned());
    int full = likeliestFirst(sample.full())[0];
    List<Guess> guesses =
        IntStream.of(order)
            .limit(GUESSES)
            .mapToObj(
                i ->
                    new Guess(
                        classes.get(i),
                        Figures.fixed(100 * sample.pruned()[i], 0) + "\u00a0%",
                        Figures.fixed(sample.pruned()[i], 4),
                        i == sample.label()))
            .toList();
    return new SampleView(
        PictureDataUri.of(
            new Picture(sample.pixels(), sample.height(), sample.width(), sample.channels())),
        classes.get(sample.label()),
        order[0] == sample.label(),
        guesses,
        classes.get(full),
        Figures.fixed(100 * sample.full()[full], 0) + "\u00a0%",
        full == sample.label());
  }

  private static int[] likeliestFirst(float[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -probabilities[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
