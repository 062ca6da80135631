package shallows.data.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import shallows.data.LabelledImages;

/**
 * A cell off the diagonal of the confusion matrix.
 *
 * @param label index of the true class
 * @param answer index of the class that is taken for it
 * @param images how often, at least 1
 */
public record Confusion(int label, int answer, int images) {
  private static final Comparator<Confusion> LARGEST_FIRST =
      Comparator.comparingInt((Confusion each) -> -each.images)
          .thenComparingInt(Confusion::label)
          .thenComparingInt(Confusion::answer);

  /** All that occur, the largest first, those of equal size by label and answer. */
  public static List<Confusion> of(Predictions predictions, LabelledImages truth) {
    List<Confusion> each = new ArrayList<>();
    for (int i = 0; i < predictions.size(); i++) {
      int answer = predictions.predicted(i);
      if (answer != truth.label(i)) {
        each.add(new Confusion(truth.label(i), answer, 1));
      }
    }
    return sum(each);
  }

  /** The same cell once, in the same order. */
  public static List<Confusion> sum(List<Confusion> several) {
    Map<Long, Integer> counts = new HashMap<>();
    several.forEach(
        each -> counts.merge((long) each.label << 32 | each.answer, each.images, Integer::sum));
    List<Confusion> all = new ArrayList<>();
    counts.forEach(
        (cell, images) -> all.add(new Confusion((int) (cell >> 32), (int) (long) cell, images)));
    all.sort(LARGEST_FIRST);
    return all;
  }
}
