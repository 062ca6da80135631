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
  private static final int OUTPUTS = 3;

  private final Random random = new Random(1);
  private int channels;
  private int positions;
  private int size;
  private double[] weights;

  LayerFitTest() {
    layer(6, 2);
  }

  private void layer(int channels, int positions) {
    this.channels = channels;
    this.positions = positions;
    size = channels * positions + 1;
    weights = new double[size * OUTPUTS];
  }

  private LayerMoments moments() {
    int count = 5 * size;
    double[] rows = new double[count * size];
    double[] lacking = new double[count * OUTPUTS];
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < size; i++) {
        rows[r * size + i] = i == size - 1 ? 1 : random.nextGaussian() + 0.5;
      }
      // The last channel is nearly the first: either can stand in for the other.
      for (int p = 0; p < positions; p++) {
        rows[r * size + p * channels + channels - 1] =
            rows[r * size + p * channels] + 0.01 * random.nextGaussian();
      }
    }
    fill(lacking);
    fill(weights);
    double[] gram = new double[size * (size + 1) / 2];
    double[] cross = new double[size * OUTPUTS];
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j <= i; j++) {
          gram[i * (i + 1) / 2 + j] += rows[r * size + i] * rows[r * size + j];
        }
        for (int o = 0; o < OUTPUTS; o++) {
          cross[i * OUTPUTS + o] += rows[r * size + i] * lacking[r * OUTPUTS + o];
        }
      }
    }
    return new LayerMoments(channels, positions, OUTPUTS, gram, cross);
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
      LayerFit fit = new LayerFit(moments, weights, channels);
      fit.eliminateTo(count);
      assertEquals(count, fit.kept().length);
      assertMinimum(fit.weights(), fit.kept(), moments);
    }
  }

  @Test
  void keepsTheUnitsThatAreNamed() {
    LayerMoments moments = moments();
    LayerFit fit = new LayerFit(moments, weights, channels);
    fit.keep(new int[] {1, 4});
    assertArrayEquals(new int[] {1, 4}, fit.kept());
    assertMinimum(fit.weights(), fit.kept(), moments);
  }

  /** More than are taken at a time, of a matrix that threads share. */
  @Test
  void aWideLayerIsTheMinimumToo() {
    layer(70, 9);
    LayerMoments moments = moments();
    LayerFit fit = new LayerFit(moments, weights, channels);
    fit.keep(new int[] {1, 40});
    assertArrayEquals(new int[] {1, 40}, fit.kept());
    assertMinimum(fit.weights(), fit.kept(), moments);
  }

  /** Zero gradient for what is left, zero weights for the rest; the bias is not pulled. */
  private void assertMinimum(double[] found, int[] kept, LayerMoments moments) {
    double trace = 0;
    for (int i = 0; i < size - 1; i++) {
      trace += moments.gram(i, i);
    }
    double ridge = LayerFit.RIDGE * trace / (size - 1);
    for (int i = 0; i < size; i++) {
      int entry = i;
      boolean isLeft =
          i == size - 1 || IntStream.of(kept).anyMatch(unit -> unit == entry % channels);
      for (int o = 0; o < OUTPUTS; o++) {
        if (!isLeft) {
          assertEquals(0, found[i * OUTPUTS + o]);
          continue;
        }
        double gradient =
            i == size - 1 ? 0 : ridge * (found[i * OUTPUTS + o] - weights[i * OUTPUTS + o]);
        for (int j = 0; j < size; j++) {
          gradient += moments.gram(i, j) * (found[j * OUTPUTS + o] - weights[j * OUTPUTS + o]);
        }
        gradient -= moments.cross()[i * OUTPUTS + o];
        assertEquals(0, gradient, ROUNDING * trace);
      }
    }
  }

  @Test
  void whatOthersStandInForGoesFirst() {
    LayerFit fit = new LayerFit(moments(), weights, channels);
    fit.eliminateTo(channels - 1);
    boolean one = fit.kept()[0] == 1;
    boolean other = fit.kept()[channels - 2] == channels - 2;
    assertEquals(1, (one ? 1 : 0) + (other ? 1 : 0));
  }

  @Test
  void whereNothingIsLackingNothingChanges() {
    LayerMoments moments =
        new LayerMoments(
            channels, positions, OUTPUTS, moments().gram(), new double[size * OUTPUTS]);
    assertArrayEquals(weights, new LayerFit(moments, weights, channels).weights());
  }

  /** All rows zero, as behind a ReLU that is never on. */
  @Test
  void whatIsNeverSeenStaysAsItWas() {
    double[] gram = new double[size * (size + 1) / 2];
    gram[gram.length - 1] = 5;
    double[] cross = new double[size * OUTPUTS];
    cross[(size - 1) * OUTPUTS] = 10;
    fill(weights);
    double[] expected = weights.clone();
    expected[(size - 1) * OUTPUTS] += 2;
    LayerMoments moments = new LayerMoments(channels, positions, OUTPUTS, gram, cross);
    assertArrayEquals(expected, new LayerFit(moments, weights, channels).weights(), ROUNDING);
  }
}
