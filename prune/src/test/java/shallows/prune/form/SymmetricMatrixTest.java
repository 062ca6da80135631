package shallows.prune.form;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SymmetricMatrixTest {
  /** Several blocks and tiles, the last ones not whole, in several threads. */
  private static final int SIZE = 1101;

  private static final int COLUMNS = 7;
  private static final double ROUNDING = 1e-9;

  private final Random random = new Random(1);

  /** Σ of some x·xᵀ, and something on the diagonal. */
  private double[] lower(double diagonal) {
    double[] lower = new double[SIZE * (SIZE + 1) / 2];
    for (int k = 0; k < 20; k++) {
      double[] x = random.doubles(SIZE, -1, 1).toArray();
      for (int i = 0, next = 0; i < SIZE; i++) {
        for (int j = 0; j <= i; j++) {
          lower[next++] += x[i] * x[j] + (i == j ? diagonal : 0);
        }
      }
    }
    return lower;
  }

  @Test
  void theInverseTimesTheMatrixChangesNothing() {
    double[] lower = lower(0.5);
    SymmetricMatrix inverse = SymmetricMatrix.of(lower.clone(), SIZE);
    inverse.invert();
    double[] x = random.doubles(SIZE * COLUMNS, -1, 1).toArray();
    double[] product = new double[x.length];
    SymmetricMatrix.of(lower, SIZE).addProduct(x, COLUMNS, product);
    double[] back = new double[x.length];
    inverse.addProduct(product, COLUMNS, back);

    assertArrayEquals(x, back, ROUNDING);
  }

  @Test
  void aProductIsAddedBelowTheDiagonal() {
    double[] left = random.doubles(SIZE * COLUMNS, -1, 1).toArray();
    double[] right = new double[left.length];
    for (int i = 0; i < SIZE; i++) {
      for (int k = 0; k < COLUMNS; k++) {
        right[k * SIZE + i] = 3 * left[i * COLUMNS + k];
      }
    }
    SymmetricMatrix sum = SymmetricMatrix.of(new double[SIZE * (SIZE + 1) / 2], SIZE);
    sum.add(left, right, COLUMNS);

    for (int i : new int[] {0, 31, 512, 1024, SIZE - 1}) {
      for (int j = 0; j < SIZE; j++) {
        double expected = 0;
        for (int k = 0; k < COLUMNS; k++) {
          expected += 3 * left[i * COLUMNS + k] * left[j * COLUMNS + k];
        }
        assertEquals(expected, sum.at(i, j), ROUNDING);
      }
    }
  }

  @Test
  void rowsThatGoLeaveTheOthersAsTheyWere() {
    double[] lower = lower(0.5);
    SymmetricMatrix before = SymmetricMatrix.of(lower.clone(), SIZE);
    SymmetricMatrix after = SymmetricMatrix.of(lower, SIZE);
    int[] gone = {0, 1, 700, SIZE - 1};
    int[] left =
        IntStream.range(0, SIZE)
            .filter(i -> IntStream.of(gone).noneMatch(each -> each == i))
            .toArray();
    after.remove(gone);

    assertEquals(left.length, after.size());
    assertArrayEquals(
        before.part(left).rows(new int[] {0, 699, left.length - 1}),
        after.rows(new int[] {0, 699, left.length - 1}));
    assertEquals(before.at(2, 701), after.at(0, 698));
  }

  @Test
  void whatIsNotPositiveDefiniteIsNamed() {
    double[] lower = lower(0.5);
    int at = 900;
    lower[at * (at + 1) / 2 + at] = -1;
    SymmetricMatrix matrix = SymmetricMatrix.of(lower, SIZE);
    IllegalStateException thrown = assertThrows(IllegalStateException.class, matrix::invert);

    assertTrue(thrown.getMessage().contains("pivot " + at), thrown.getMessage());
  }
}
