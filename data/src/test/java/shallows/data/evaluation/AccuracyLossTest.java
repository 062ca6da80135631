package shallows.data.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccuracyLossTest {
  /** Counts have steps: one image more or less moves a bound's coverage by about so much. */
  private static final double STEP = 0.012;

  @Test
  void countsTheImagesThatOneAloneGetsRight() {
    // 100 images: both right on 80, the reference alone on 9, the other alone on 4.
    boolean[] reference = new boolean[100];
    boolean[] other = new boolean[100];
    Arrays.fill(reference, 0, 89, true);
    Arrays.fill(other, 0, 80, true);
    Arrays.fill(other, 90, 94, true);
    AccuracyLoss loss = AccuracyLoss.between(reference, other);
    assertEquals(new AccuracyLoss(9, 4, 100), loss);
    assertEquals(0.05, loss.estimate(), 1e-12);
    // The definition: the standard deviation of the 100 differences of +1, 0 and -1, over √100.
    double squares = 9 * 0.95 * 0.95 + 4 * 1.05 * 1.05 + 87 * 0.05 * 0.05;
    assertEquals(Math.sqrt(squares / 100) / 10, loss.standardError(), 1e-12);
    assertEquals("accuracy -5.00 ± 3.57 points", loss.inWords());
  }

  @Test
  void boundsAreThoseOfBonettAndPrice() {
    AccuracyLoss loss = new AccuracyLoss(9, 4, 100);
    double d = 5 / 102.0;
    double half = 2 * Math.sqrt((10 / 102.0 + 5 / 102.0 - d * d) / 102);
    assertEquals(d + half, loss.atMost(2), 1e-12);
    assertEquals(d - half, loss.atLeast(2), 1e-12);
    assertTrue(loss.isProbablyWithin(5));
    assertFalse(loss.isSurelyWithin(5, 2));
    assertTrue(loss.isSurelyWithin(100 * (d + half), 2));
    assertTrue(loss.isSurelyBeyond(100 * (d - half) - 0.01, 2));
    assertFalse(loss.isSurelyBeyond(5, 2));
  }

  @Test
  void twoImagesOfAFewHundredSayLittleEitherWay() {
    AccuracyLoss loss = new AccuracyLoss(2, 0, 180);
    assertTrue(loss.estimate() > 0.01);
    assertFalse(loss.isSurelyBeyond(1, AccuracyLoss.QUANTILE));
    assertFalse(loss.isSurelyWithin(1, AccuracyLoss.QUANTILE));
    // Nor does it say that networks are equal if they agree on all images of a few.
    assertFalse(new AccuracyLoss(0, 0, 30).isSurelyWithin(1, AccuracyLoss.QUANTILE));
  }

  @Test
  void noLossIsMoreThanAHundredPoints() {
    for (int n : new int[] {1, 2, 3, 10, 1000}) {
      for (int won = 0; won <= Math.min(n, 3); won++) {
        AccuracyLoss loss = new AccuracyLoss(n - won, won, n);
        assertTrue(loss.isSurelyWithin(100, 5), n + " " + won);
        assertFalse(loss.isSurelyBeyond(100, 0), n + " " + won);
      }
    }
    assertThrows(IllegalArgumentException.class, () -> new AccuracyLoss(2, 2, 3));
  }

  /**
   * How often a bound holds: the sum of the probabilities of all (b, c) whose bound is no less than
   * the truth. Each image is one that the reference alone gets right with probability {@code lost},
   * or the other alone with {@code won}.
   */
  @ParameterizedTest
  @CsvSource({
    "0.8416, 0.80, 60", "0.8416, 0.80, 200", "0.8416, 0.80, 1200",
    "2.0537, 0.98, 60", "2.0537, 0.98, 200", "2.0537, 0.98, 1200"
  })
  void boundsHoldAsOftenAsTheySay(double quantile, double confidence, int images) {
    double[][] truths = {{0.01, 0.001}, {0.02, 0.01}, {0.035, 0.025}, {0.05, 0.04}, {0.08, 0.07}};
    for (double[] truth : truths) {
      double held = coverage(images, truth[0], truth[1], quantile);
      assertTrue(held >= confidence - STEP, truth[0] + " " + truth[1] + ": " + held);
    }
    // And not by being too wide, where there are images enough to tell.
    assertEquals(confidence, coverage(1200, 0.08, 0.07, quantile), STEP);
  }

  private static double coverage(int images, double lost, double won, double quantile) {
    double[] logFactorial = new double[images + 1];
    for (int i = 1; i <= images; i++) {
      logFactorial[i] = logFactorial[i - 1] + Math.log(i);
    }
    double held = 0;
    for (int b = 0; b <= images; b++) {
      for (int c = 0; c <= images - b; c++) {
        if (new AccuracyLoss(b, c, images).atMost(quantile) >= lost - won - 1e-12) {
          held +=
              Math.exp(
                  logFactorial[images]
                      - logFactorial[b]
                      - logFactorial[c]
                      - logFactorial[images - b - c]
                      + b * Math.log(lost)
                      + c * Math.log(won)
                      + (images - b - c) * Math.log(1 - lost - won));
        }
      }
    }
    return held;
  }

  @Test
  void nothingLostIsSaidWithoutAMinus() {
    assertEquals("accuracy +0.00 ± 0.00 points", new AccuracyLoss(0, 0, 3).inWords());
  }

  @Test
  void whatEqualNetworksMaySeemToLoseFallsWithTheImages() {
    assertEquals(0, AccuracyLoss.ofEquals(1200).estimate());
    assertTrue(AccuracyLoss.ofEquals(1200).isSurelyWithin(1, AccuracyLoss.QUANTILE));
    assertFalse(AccuracyLoss.ofEquals(200).isSurelyWithin(1, AccuracyLoss.QUANTILE));
    assertFalse(AccuracyLoss.ofEquals(1).isSurelyWithin(20, AccuracyLoss.QUANTILE));
  }
}
