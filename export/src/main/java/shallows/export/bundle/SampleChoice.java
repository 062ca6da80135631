package shallows.export.bundle;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;

/**
 * Which images go into a bundle. Their logits are what a reader is checked by, so some that are
 * classified wrongly belong there: an image that every network is sure of keeps its class through
 * many a mistake in preprocessing.
 */
final class SampleChoice {
  static final int SAMPLES = 9;

  /** So many of them are taken for being right, and the others for being wrong. */
  static final int RIGHT = 6;

  private final LabelledImages images;
  private final List<Integer> chosen = new ArrayList<>();
  private final Set<Integer> classes = new HashSet<>();

  private SampleChoice(LabelledImages images) {
    this.images = images;
  }

  /**
   * First {@value #RIGHT} images of different classes that every file gets right, then some that
   * every file gets wrong, of classes not yet there where there are such. Where there are too few
   * of either, others of classes not yet there; where there are too few classes, any.
   *
   * @param answers of each file, on these images
   * @return indices; fewer than {@value #SAMPLES} only where there are fewer images
   */
  static int[] of(LabelledImages images, List<Predictions> answers) {
    SampleChoice choice = new SampleChoice(images);
    IntPredicate right =
        i -> answers.stream().allMatch(answer -> answer.predicted(i) == images.label(i));
    IntPredicate wrong =
        i -> answers.stream().noneMatch(answer -> answer.predicted(i) == images.label(i));
    choice.takeOfNewClasses(RIGHT, right);
    int most = choice.chosen.size() + SAMPLES - RIGHT;
    choice.takeOfNewClasses(most, wrong);
    choice.take(most, wrong);
    choice.takeOfNewClasses(SAMPLES, right);
    choice.takeOfNewClasses(SAMPLES, i -> true);
    choice.take(SAMPLES, i -> true);
    return choice.chosen.stream().mapToInt(Integer::intValue).toArray();
  }

  private void takeOfNewClasses(int most, IntPredicate wanted) {
    take(most, i -> !classes.contains(images.label(i)) && wanted.test(i));
  }

  /** Until there are so many. */
  private void take(int most, IntPredicate wanted) {
    for (int i = 0; i < images.size() && chosen.size() < most; i++) {
      if (!chosen.contains(i) && wanted.test(i)) {
        chosen.add(i);
        classes.add(images.label(i));
      }
    }
  }
}
