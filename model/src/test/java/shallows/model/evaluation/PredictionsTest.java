package shallows.model.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.images.LabelledImages;

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
}
