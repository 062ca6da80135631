package shallows.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomnessTest {
  /** Normal quantile: each of the checks below fails by chance once in 15,000 seeds. */
  private static final double FOUR_SIGMA = 4;

  @Test
  void everyEpochSeesEveryImageOnceInAnotherOrder() {
    int[] first = Randomness.order(1000, 5, 0);
    int[] second = Randomness.order(1000, 5, 1);
    assertFalse(Arrays.equals(first, second));
    for (int[] order : new int[][] {first, second}) {
      assertArrayEquals(
          IntStream.range(0, 1000).toArray(), Arrays.stream(order).sorted().toArray());
    }
  }

  @Test
  void theSamePlaceInATrainingDrawsTheSame() {
    assertEquals(Randomness.of(5, 3, 7).nextLong(), Randomness.of(5, 3, 7).nextLong());
    assertArrayEquals(Randomness.order(50, 5, 3), Randomness.order(50, 5, 3));
  }

  @Test
  void gatesAreOnAsOftenAsTheirSurvivalSaysAndIndependentOfEachOther() {
    float[] survival = {1f, 0.9f, 0.5f, 0.2f, 0f};
    int steps = 20_000;
    int[] on = new int[survival.length];
    int both = 0;
    for (int step = 0; step < steps; step++) {
      boolean[] gates = Randomness.gates(survival, Randomness.of(1, step / 100, step % 100));
      for (int b = 0; b < on.length; b++) {
        on[b] += gates[b] ? 1 : 0;
      }
      both += gates[1] && gates[2] ? 1 : 0;
    }
    for (int b = 0; b < on.length; b++) {
      assertShare(survival[b], on[b], steps);
    }
    assertShare(0.45, both, steps);
  }

  private static void assertShare(double expected, int count, int steps) {
    double deviation = Math.sqrt(expected * (1 - expected) / steps);
    assertEquals(expected, (double) count / steps, FOUR_SIGMA * deviation + 1e-7);
  }
}
