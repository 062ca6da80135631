package shallows.prune.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.train.inference.LayerMoments;

/** Against what the minimum is by definition: where the gradient is zero. */
class LayerFitTest {
  private static final double ROUNDING = 1e-6;
  private static final int CHANNELS = 6;
  private static final int POSITIONS = 2;
  private static final int OUTPUTS = 3;
  private static final int ROWS = 60;
  private static final int SIZE = CHANNELS * POSITIONS + 1;

  private final Random random = new Random(1);
  private final double[] rows = new double[ROWS * SIZE];
  private final double[] lacking = new double[ROWS * OUTPUTS];
  private final double[] weights = new double[SIZE * OUTPUTS];

  private LayerMoments moments() {
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < SIZE; i++) {
        rows[r * SIZE + i] = i == SIZE - 1 ? 1 : random.nextGaussian() + 0.5;
      }
      // The last channel is nearly the first: either can stand in for the other.
      for (int p = 0; p < POSITIONS; p++) {
        rows[r * SIZE + p * CHANNELS + CHANNELS - 1] =
            rows[r * SIZE + p * CHANNELS] + 0.01 * random.nextGaussian();
      }
    }
    fill(lacking);
    fill(weights);
    double[] gram = new double[SIZE * (SIZE + 1) / 2];
    double[] cross = new double[SIZE * OUTPUTS];
    for (int r = 0; r < ROWS; r++) {
      for (int i = 0; i < SIZE; i++) {
        for (int j = 0; j <= i; j++) {
          gram[i * (i + 1) / 2 + j] += rows[r * SIZE + i] * rows[r * SIZE + j];
        }
        for (int o = 0; o < OUTPUTS; o++) {
          cross[i * OUTPUTS + o] += rows[r * SIZE + i] * lacking[r * OUTPUTS + o];
        }
      }
    }
    return new LayerMoments(CHANNELS, POSITIONS, OUTPUTS, gram, cross);
  }

  private void fill(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
  }

  @Test
  void isTheMinimumOverTheInputsThatAreLeft() {
    LayerMoments moments = moments();
    for (int count : new int[] {6, 4, 1}) {
      LayerFit fit = new LayerFit(moments, weights, CHANNELS);
      fit.eliminateTo(count);
      assertEquals(count, fit.kept().length);
      assertMinimum(fit.weights(), fit.kept(), moments);
    }
  }

  @Test
  void keepsTheUnitsThatAreNamed() {
    LayerMoments moments = moments();
    LayerFit fit = new LayerFit(moments, weights, CHANNELS);
    fit.keep(new int[] {1, 4});
    assertArrayEquals(new int[] {1, 4}, fit.kept());
    assertMinimum(fit.weights(), fit.kept(), moments);
  }

  /** Zero gradient for what is left, zero weights for the rest; the bias is not pulled. */
  private void assertMinimum(double[] found, int[] kept, LayerMoments moments) {
    double trace = 0;
    for (int i = 0; i < SIZE - 1; i++) {
      trace += moments.gram(i, i);
    }
    double ridge = LayerFit.RIDGE * trace / (SIZE - 1);
    for (int i = 0; i < SIZE; i++) {
      int entry = i;
      boolean isLeft =
          i == SIZE - 1 || IntStream.of(kept).anyMatch(unit -> unit == entry % CHANNELS);
      for (int o = 0; o < OUTPUTS; o++) {
        if (!isLeft) {
          assertEquals(0, found[i * OUTPUTS + o]);
          continue;
        }
        double gradient =
            i == SIZE - 1 ? 0 : ridge * (found[i * OUTPUTS + o] - weights[i * OUTPUTS + o]);
        for (int j = 0; j < SIZE; j++) {
          gradient += moments.gram(i, j) * (found[j * OUTPUTS + o] - weights[j * OUTPUTS + o]);
        }
        gradient -= moments.cross()[i * OUTPUTS + o];
        assertEquals(0, gradient, ROUNDING * trace);
      }
    }
  }

  @Test
  void whatOthersStandInForGoesFirst() {
    LayerFit fit = new LayerFit(moments(), weights, CHANNELS);
    fit.eliminateTo(CHANNELS - 1);
    boolean one = fit.kept()[0] == 1;
    boolean other = fit.kept()[CHANNELS - 2] == CHANNELS - 2;
    assertEquals(1, (one ? 1 : 0) + (other ? 1 : 0));
  }

  @Test
  void whereNothingIsLackingNothingChanges() {
    LayerMoments moments =
        new LayerMoments(
            CHANNELS, POSITIONS, OUTPUTS, moments().gram(), new double[SIZE * OUTPUTS]);
    assertArrayEquals(weights, new LayerFit(moments, weights, CHANNELS).weights());
  }

  /** All rows zero, as behind a ReLU that is never on. */
  @Test
  void whatIsNeverSeenStaysAsItWas() {
    double[] gram = new double[SIZE * (SIZE + 1) / 2];
    gram[gram.length - 1] = 5;
    double[] cross = new double[SIZE * OUTPUTS];
    cross[(SIZE - 1) * OUTPUTS] = 10;
    fill(weights);
    double[] expected = weights.clone();
    expected[(SIZE - 1) * OUTPUTS] += 2;
    LayerMoments moments = new LayerMoments(CHANNELS, POSITIONS, OUTPUTS, gram, cross);
    assertArrayEquals(expected, new LayerFit(moments, weights, CHANNELS).weights(), ROUNDING);
  }
}
