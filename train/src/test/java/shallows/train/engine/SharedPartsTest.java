package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Parts of large images, for two threads to be done first. */
class SharedPartsTest {
  @Test
  void noSizeThatIsAllowedIsDoneMuchEarlier() {
    for (int most = 1; most < 40; most++) {
      for (int count = 1; count < 200; count++) {
        int part = TorchEvaluation.shared(count, most);
        int least = Math.max(1, most / 2);
        assertTrue(part >= least && part <= most, count + " images, at most " + most);
        for (int other = least; other <= most; other++) {
          assertTrue(19 * time(count, part) < 20 * time(count, other) + 1, count + " in " + other);
          assertTrue(part == most || time(count, part) < time(count, most), count + " images");
        }
      }
    }
  }

  @Test
  void ofEqualOnesTheLargestIsTaken() {
    assertEquals(8, TorchEvaluation.shared(40, 10), "8 alone and 4 times 8 by two");
    assertEquals(6, TorchEvaluation.shared(20, 10), "6 and 2 alone, not 10 and 10");
    assertEquals(10, TorchEvaluation.shared(5, 10), "5 alone, in parts of any size");
    assertEquals(10, TorchEvaluation.shared(2000, 10), "1004 with 6 is no gain over 1010");
  }

  /** Done step by step: the first of each size alone, then each by whoever is free. */
  private static int time(int count, int part) {
    int[] free = new int[2];
    int now = 0;
    if (count >= part) {
      now += part;
    }
    if (count % part > 0) {
      now += count % part;
    }
    free[0] = now;
    free[1] = now;
    for (int begun = 1; begun < count / part; begun++) {
      int first = free[0] <= free[1] ? 0 : 1;
      free[first] += part;
    }
    return Math.max(free[0], free[1]);
  }
}
