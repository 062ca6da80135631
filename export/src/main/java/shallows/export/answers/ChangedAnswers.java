package shallows.export.answers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.Expect;

/**
 * Where two networks answer differently.
 *
 * @param lost how many images the network compared with alone gets right
 * @param won how many the other alone
 * @param otherwise on how many both are wrong, each in its own way
 * @param lostImages those that are lost, the surest of the wrong answers first; at most {@link
 *     #MOST}
 * @param wonImages those that are won, likewise by what was answered before
 */
public record ChangedAnswers(
    int lost, int won, int otherwise, List<ChangedImage> lostImages, List<ChangedImage> wonImages) {
  /** Images of either kind that are listed, so that a file of a million images stays small. */
  public static final int MOST = 100;

  private static final Comparator<ChangedImage> BY_AFTER =
      Comparator.comparingDouble(each -> -each.afterProbability());
  private static final Comparator<ChangedImage> BY_BEFORE =
      Comparator.comparingDouble(each -> -each.beforeProbability());

  public ChangedAnswers {
    Expect.atLeast(0, "lost", lost);
    Expect.atLeast(0, "won", won);
    Expect.atLeast(0, "otherwise", otherwise);
    lostImages = Expect.list("lostImages", lostImages);
    wonImages = Expect.list("wonImages", wonImages);
  }

  /** All that are listed. */
  public List<ChangedImage> images() {
    return joined(lostImages, wonImages);
  }

  /**
   * @param first how many test images come before these
   */
  static ChangedAnswers of(Predictions before, Predictions after, LabelledImages truth, int first) {
    List<ChangedImage> lost = new ArrayList<>();
    List<ChangedImage> won = new ArrayList<>();
    int otherwise = 0;
    for (int i = 0; i < truth.size(); i++) {
      int was = before.predicted(i);
      int is = after.predicted(i);
      if (was == is) {
        continue;
      }
      if (was == truth.label(i)) {
        lost.add(ChangedImage.of(i, first, truth, before, after));
      } else if (is == truth.label(i)) {
        won.add(ChangedImage.of(i, first, truth, before, after));
      } else {
        otherwise++;
      }
    }
    return new ChangedAnswers(
        lost.size(), won.size(), otherwise, surest(lost, BY_AFTER), surest(won, BY_BEFORE));
  }

  /**
   * @param next of the images that follow
   */
  ChangedAnswers plus(ChangedAnswers next) {
    return new ChangedAnswers(
        lost + next.lost,
        won + next.won,
        otherwise + next.otherwise,
        surest(joined(lostImages, next.lostImages), BY_AFTER),
        surest(joined(wonImages, next.wonImages), BY_BEFORE));
  }

  private static List<ChangedImage> joined(List<ChangedImage> some, List<ChangedImage> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  /** Those of equal probability in the order of the images. */
  private static List<ChangedImage> surest(
      List<ChangedImage> images, Comparator<ChangedImage> order) {
    return images.stream().sorted(order).limit(MOST).toList();
  }
}
