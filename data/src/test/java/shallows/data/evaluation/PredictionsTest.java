package shallows.data.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;

class PredictionsTest {
  private static final LabelledImages IMAGES =
      new LabelledImages("two", List.of("a", "b"), 1, 1, 1, new byte[2], new int[] {0, 1});

  @Test
  void countsTheImagesThatGetTheirLabel() {
    assertEquals(0.5, new Predictions(new float[][] {{2, 1}, {5, 0}}).accuracy(IMAGES));
  }

  @Test
  void losesTheLogarithmOfTwoWhenGuessing() {
    assertEquals(Math.log(2), new Predictions(new float[2][2]).meanLoss(IMAGES), 1e-12);
  }

  @Test
  void averagesProbabilitiesNotLogits() {
    Predictions sure = new Predictions(new float[][] {{100, 0}});
    Predictions unsure = new Predictions(new float[][] {{0, 0}});
    Predictions both = Predictions.ensemble(List.of(sure, unsure));
    assertArrayEquals(new double[] {0.75, 0.25}, both.probabilities(0), 1e-6);
  }

  @Test
  void comparesClassesAndScores() {
    Predictions one = new Predictions(new float[][] {{1, 2}, {3, 0}});
    Predictions other = new Predictions(new float[][] {{1, 2.5f}, {3, 4}});
    assertEquals(0.5, one.agreement(other));
    assertEquals(4, one.maxAbsDifference(other));
    assertEquals(3, one.range());
  }

  @Test
  void neverTakesNotANumberForASmallDifference() {
    Predictions broken = new Predictions(new float[][] {{Float.NaN, 0}});
    Predictions whole = new Predictions(new float[][] {{0, 0}});
    assertEquals(Double.POSITIVE_INFINITY, whole.maxAbsDifference(broken));
  }

  @Test
  void anAnswerThatIsNoNumberIsNeverRight() {
    Predictions broken = new Predictions(new float[][] {{Float.NaN, Float.NaN}, {0, 1}});
    assertEquals(0.5, broken.accuracy(IMAGES));
  }

  @Test
  void divergesByTheMeanOverImagesInTheOrderReferenceThenThese() {
    // Logits are logarithms of these probabilities, up to a constant that must not matter.
    double[] p = {0.5, 0.25, 0.25};
    double[] q = {0.25, 0.5, 0.25};
    Predictions reference = new Predictions(new float[][] {logits(p, 3), logits(p, 0)});
    Predictions these = new Predictions(new float[][] {logits(q, -40), logits(p, 9)});
    // KL(p || q) = 0.5 ln 2 - 0.25 ln 2 on the first image, nothing on the second.
    assertEquals(0.25 * Math.log(2) / 2, these.klDivergence(reference), 1e-5);
    assertEquals(0, reference.klDivergence(reference), 1e-12);
  }

  @Test
  void divergenceIsFiniteWhereASoftmaxRoundsToZeroAndNotANumberWhereAScoreIs() {
    Predictions sure = new Predictions(new float[][] {{1000, 0}});
    Predictions wrong = new Predictions(new float[][] {{0, 1000}});
    assertEquals(1000, wrong.klDivergence(sure), 1e-9);
    Predictions broken = new Predictions(new float[][] {{Float.NaN, 0}});
    assertEquals(Double.NaN, broken.klDivergence(sure));
  }

  private static float[] logits(double[] probabilities, float constant) {
    float[] logits = new float[probabilities.length];
    for (int c = 0; c < logits.length; c++) {
      logits[c] = (float) Math.log(probabilities[c]) + constant;
    }
    return logits;
  }
}
