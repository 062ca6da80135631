package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import shallows.model.graph.TestGraphs;

class AccuracyLossTest {
  private static final int REPETITIONS = 1000;

  /**
   * Of 1,000 intervals that hold the truth 80 times in 100, 800 ± 12.6 do. Four standard deviations
   * fail by chance once in 15,000 seeds; the counts of images add a step of up to 3 in 100.
   */
  private static final int TOLERANCE = 80;

  @Test
  void countsTheImagesThatOneAloneGetsRight() {
    // 100 images: both right on 80, the full network alone on 9, the other alone on 4.
    boolean[] full = new boolean[100];
    boolean[] other = new boolean[100];
    Arrays.fill(full, 0, 89, true);
    Arrays.fill(other, 0, 80, true);
    Arrays.fill(other, 90, 94, true);
    AccuracyLoss loss = AccuracyLoss.between(full, other);
    assertEquals(0.05, loss.estimate(), 1e-12);
    // The definition: the standard deviation of the 100 differences of +1, 0 and -1, over √100.
    double squares = 9 * 0.95 * 0.95 + 4 * 1.05 * 1.05 + 87 * 0.05 * 0.05;
    assertEquals(Math.sqrt(squares / 100) / 10, loss.standardError(), 1e-12);
    assertTrue(loss.isProbablyWithin(5));
    assertFalse(loss.isSurelyWithin(5));
    assertTrue(loss.isSurelyWithin(100 * loss.atMost()));
  }

  @Test
  void networksThatGetTheSameImagesRightDifferByNothing() {
    boolean[] right = {true, false, true, true};
    AccuracyLoss loss = AccuracyLoss.between(right, right);
    assertEquals(new AccuracyLoss(0, 0), loss);
    assertTrue(loss.isSurelyWithin(0));
  }

  @Test
  void noLossIsMoreThanAHundredPoints() {
    for (int n : new int[] {1, 2, 3, 10, 1000}) {
      for (int won = 0; won <= Math.min(n, 3); won++) {
        boolean[] full = new boolean[n];
        Arrays.fill(full, won, n, true);
        boolean[] other = new boolean[n];
        Arrays.fill(other, 0, won, true);
        assertTrue(AccuracyLoss.between(full, other).isSurelyWithin(100), n + " " + won);
      }
    }
  }

  @Test
  void coversTheTruthAsOftenAsItSays() {
    Random random = new Random(1);
    int covered = 0;
    for (int r = 0; r < REPETITIONS; r++) {
      boolean[] full = new boolean[1200];
      boolean[] other = new boolean[1200];
      for (int i = 0; i < full.length; i++) {
        // Both right 86 times in 100, the full network alone 4, the other alone 3, none 7.
        double draw = random.nextDouble();
        full[i] = draw < 0.90;
        other[i] = draw < 0.86 || draw >= 0.90 && draw < 0.93;
      }
      covered += AccuracyLoss.between(full, other).atMost() >= 0.01 ? 1 : 0;
    }
    assertEquals(AccuracyLoss.CONFIDENCE * REPETITIONS, covered, TOLERANCE);
  }

  @Test
  void aCutThatIsFineTunedMayGoOnByItsEstimate() {
    boolean[] full = new boolean[1000];
    boolean[] other = new boolean[1000];
    Arrays.fill(full, 0, 905, true);
    Arrays.fill(other, 5, 900, true);
    Measurement cut = measurement(other);
    assertTrue(new Acceptance(measurement(full), 1, true).allowsToGoOn(cut));
    assertFalse(new Acceptance(measurement(full), 1, true).allowsToShip(cut));
    assertFalse(new Acceptance(measurement(full), 1, false).allowsToGoOn(cut));
  }

  @Test
  void nothingLostIsSaidWithoutAMinus() {
    boolean[] right = {true, false, true};
    assertEquals(
        "accuracy +0.00 points, at worst +0.00 with 80 % confidence",
        AccuracyLoss.between(right, right).inWords());
  }

  private static Measurement measurement(boolean[] right) {
    return new Measurement(TestGraphs.twoBlocks(), new double[right.length], right);
  }
}
