package shallows.data.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;

class ClassAccuracyTest {
  private static final double ROUNDING = 1e-12;

  @Test
  void countsEachClassByItself() {
    LabelledImages truth = truth(0, 0, 0, 1, 1);
    Predictions reference = answers(0, 0, 1, 1, 0);
    Predictions found = answers(0, 1, 0, 0, 0);

    assertEquals(
        List.of(
            new ClassAccuracy(3, 2, 1, 1),
            new ClassAccuracy(2, 0, 1, 0),
            new ClassAccuracy(0, 0, 0, 0)),
        ClassAccuracy.of(reference, found, truth));
  }

  /** The interval's ends solve (a - p)² = z² p (1 - p) / n, which is how Wilson derives them. */
  @Test
  void theIntervalEndsWhereTheScoreTestRejects() {
    double square = 1.959964 * 1.959964;
    for (int right : new int[] {0, 1, 9, 10}) {
      ClassAccuracy each = new ClassAccuracy(10, right, 0, 0);
      for (double p : new double[] {each.low(), each.high()}) {
        double distance = right / 10.0 - p;
        assertEquals(distance * distance, square * p * (1 - p) / 10, ROUNDING);
      }
    }
    assertEquals(1, new ClassAccuracy(10, 10, 0, 0).high());
    assertEquals(0, new ClassAccuracy(0, 0, 0, 0).low());
    assertEquals(1, new ClassAccuracy(0, 0, 0, 0).high());
  }

  @Test
  void addsUpTheBinomialProbabilitiesOfSplitsAsUneven() {
    // Of six throws of a coin none or all heads: 2 of 64; one or five at most: 2 * (1 + 6) of 64.
    assertEquals(2 / 64.0, new ClassAccuracy(20, 10, 6, 0).pValue(), ROUNDING);
    assertEquals(14 / 64.0, new ClassAccuracy(20, 10, 1, 5).pValue(), ROUNDING);
    assertEquals(1, new ClassAccuracy(20, 10, 3, 3).pValue(), ROUNDING);
    assertEquals(1, new ClassAccuracy(20, 10, 0, 0).pValue(), ROUNDING);
    // Exact also where two to the power of the count is no number any more.
    assertEquals(1, new ClassAccuracy(8000, 4000, 2000, 2000).pValue(), ROUNDING);
  }

  @Test
  void correctsForAsManyClassesAsHaveImages() {
    ClassAccuracy six = new ClassAccuracy(20, 10, 6, 0);
    ClassAccuracy seven = new ClassAccuracy(20, 10, 7, 0);
    ClassAccuracy even = new ClassAccuracy(20, 10, 3, 3);
    ClassAccuracy none = new ClassAccuracy(0, 0, 0, 0);

    assertArrayEquals(
        // Smallest first: 3 of 2/128, then 2 of 2/64, then 1 of 1.
        new double[] {4 / 64.0, 6 / 128.0, 1, 1},
        ClassAccuracy.pValues(List.of(six, seven, even, none)),
        ROUNDING);
    // What is larger before stays larger: 3 of 2/64 is not less than 2 of a little more.
    assertArrayEquals(
        new double[] {6 / 64.0, 6 / 64.0, 6 / 64.0},
        ClassAccuracy.pValues(List.of(six, six, six)),
        ROUNDING);
  }

  @Test
  void refusesCountsThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> new ClassAccuracy(2, 1, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> new ClassAccuracy(2, 1, 0, 2));
  }

  @Test
  void confusionsAreTheCellsBesideTheDiagonalLargestFirst() {
    assertEquals(
        List.of(new Confusion(1, 0, 2), new Confusion(0, 1, 1), new Confusion(0, 2, 1)),
        Confusion.of(answers(0, 1, 2, 0, 0), truth(0, 0, 0, 1, 1)));
  }

  /** Three bins are used: (13/15, 14/15], (8/15, 9/15], (14/15, 1]. */
  @Test
  void calibrationIsTheDifferenceWithinEachBinByItsImages() {
    Predictions found =
        new Predictions(
            new float[][] {
              logarithms(0.9), logarithms(0.9), logarithms(0.55), logarithms(0.55), logarithms(0.95)
            });
    // Right, wrong; right, right; wrong.
    double expected = (Math.abs(1 - 1.8) + Math.abs(2 - 1.1) + 0.95) / 5;
    assertEquals(expected, CalibrationError.of(found, truth(0, 1, 0, 0, 1)).value(), 1e-6);
  }

  @Test
  void anAnswerThatIsNoNumberHasNoConfidenceAndIsNotRight() {
    Predictions broken = new Predictions(new float[][] {{Float.NaN, 0, 0}});
    assertEquals(0, broken.confidence(0));
    assertEquals(0, broken.accuracy(truth(0)));
    assertEquals(
        0, CalibrationError.of(broken, truth(0)).value(), "not right, and known not to be");
  }

  private static float[] logarithms(double probability) {
    float rest = (float) Math.log((1 - probability) / 2);
    return new float[] {(float) Math.log(probability), rest, rest};
  }

  private static LabelledImages truth(int... labels) {
    return new LabelledImages(
        "some", List.of("a", "b", "c"), 1, 1, 1, new byte[labels.length], labels);
  }

  private static Predictions answers(int... classes) {
    float[][] scores = new float[classes.length][3];
    for (int i = 0; i < classes.length; i++) {
      scores[i][classes[i]] = 1;
    }
    return new Predictions(scores);
  }
}
