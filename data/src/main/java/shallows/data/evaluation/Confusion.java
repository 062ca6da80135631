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
    int classes = truth.classes().size();
    Map<Long, Integer> counts = new HashMap<>();
    for (int i = 0; i < predictions.size(); i++) {
      int answer = predictions.predicted(i);
      if (answer != truth.label(i)) {
        counts.merge((long) truth.label(i) * classes + answer, 1, Integer::sum);
      }
    }
    List<Confusion> all = new ArrayList<>();
    counts.forEach(
        (cell, images) ->
            all.add(new Confusion((int) (cell / classes), (int) (cell % classes), images)));
    all.sort(LARGEST_FIRST);
    return all;
  }
}
