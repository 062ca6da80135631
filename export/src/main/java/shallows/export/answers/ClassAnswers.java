package shallows.export.answers;

import java.util.ArrayList;
import java.util.List;
import shallows.data.evaluation.ClassAccuracy;
import shallows.model.Expect;

/**
 * What was found on the test images of one class.
 *
 * @param name of the class
 * @param images how many they are; 0 where a network tells more classes apart than there are images
 *     of
 * @param right of these, how many are answered rightly
 * @param low where the 95 % interval of that accuracy begins, by Wilson's formula
 * @param high where it ends
 * @param lost images that the network compared with alone gets right
 * @param won images that it does not get right and this one does
 * @param pValue of McNemar's exact test of these two, corrected for the number of classes (Holm),
 *     in [0, 1]
 */
public record ClassAnswers(
    String name, int images, int right, double low, double high, int lost, int won, double pValue) {
  /** Below this p-value, a class has changed by more than chance. */
  public static final double SIGNIFICANT = 0.05;

  public ClassAnswers {
    Expect.text("name", name);
    Expect.atLeast(0, "images", images);
    Expect.require(right >= 0 && right <= images, "right", "0 to " + images, right);
    Expect.fraction("low", low);
    Expect.fraction("high", high);
    Expect.require(lost >= 0 && lost <= images - right, "lost", "0 to " + (images - right), lost);
    Expect.require(won >= 0 && won <= right, "won", "0 to " + right, won);
    Expect.fraction("pValue", pValue);
  }

  /**
   * @param names of the classes
   */
  static List<ClassAnswers> of(List<ClassAccuracy> classes, List<String> names) {
    double[] pValues = ClassAccuracy.pValues(classes);
    List<ClassAnswers> all = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      ClassAccuracy each = classes.get(label);
      all.add(
          new ClassAnswers(
              names.get(label),
              each.images(),
              each.right(),
              Digits.four(each.low()),
              Digits.four(each.high()),
              each.lost(),
              each.won(),
              Digits.three(pValues[label])));
    }
    return all;
  }

  /** In [0, 1]; not a number where there is no image. */
  public double accuracy() {
    return (double) right / images;
  }

  /** Whether more images of the class are lost than chance accounts for. */
  public boolean hasLost() {
    return lost > won && pValue < SIGNIFICANT;
  }

  /** Whether more are won. */
  public boolean hasWon() {
    return won > lost && pValue < SIGNIFICANT;
  }
}
