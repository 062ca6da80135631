package shallows.export.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;

/** Which images go into a bundle. */
final class SampleChoice {
  static final int SAMPLES = 3;

  private SampleChoice() {}

  /**
   * The first images of different classes that every file gets right. Where there are too few,
   * those of classes not yet there that some file gets wrong; where there are too few classes, any.
   *
   * @param answers of each file, on these images
   * @return indices; fewer than {@value #SAMPLES} only where there are fewer images
   */
  static int[] of(LabelledImages images, List<Predictions> answers) {
    List<Integer> chosen = new ArrayList<>();
    Set<Integer> classes = new HashSet<>();
    IntPredicate right =
        i -> answers.stream().allMatch(answer -> answer.predicted(i) == images.label(i));
    take(images, chosen, i -> right.test(i) && classes.add(images.label(i)));
    take(images, chosen, i -> classes.add(images.label(i)));
    take(images, chosen, i -> true);
    return chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void take(LabelledImages images, List<Integer> chosen, IntPredicate wanted) {
    for (int i = 0; i < images.size() && chosen.size() < SAMPLES; i++) {
      if (!chosen.contains(i) && wanted.test(i)) {
        chosen.add(i);
      }
    }
  }
}
