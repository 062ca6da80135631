package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomnessTest {
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
}
