package shallows.export.quantize.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FixedPointTest {
  @Test
  void aProductIsRoundedTwice() {
    // 113 · 0.18109 = 20.463, and in quarters 81.85: 82 / 4 = 20.5.
    assertEquals(21, FixedPoint.of(0.181087179).timesUp(113));
    assertEquals(-20, FixedPoint.of(0.181087179).timesUp(-113));
    assertEquals(-21, FixedPoint.of(0.181087179).timesAway(-113));
  }

  @Test
  void roundingIsThatOfTheDefinition() {
    Random random = new Random(4);
    for (int i = 0; i < 10_000; i++) {
      double factor = Math.scalb(0.5 + random.nextDouble() / 2, -random.nextInt(12));
      int n = random.nextInt(1 << 20) - (1 << 19);
      FixedPoint fixed = FixedPoint.of(factor);
      assertEquals(defined(fixed, n, RoundingMode.HALF_UP), fixed.timesAway(n));
      assertEquals(
          n < 0 ? -defined(fixed, -n, RoundingMode.HALF_DOWN) : fixed.timesAway(n),
          fixed.timesUp(n));
    }
  }

  /** HALF_UP goes away from zero, HALF_DOWN towards it. */
  private static int defined(FixedPoint fixed, int n, RoundingMode halves) {
    BigDecimal two = BigDecimal.valueOf(2);
    BigDecimal high =
        BigDecimal.valueOf((long) n * fixed.multiplier()).divide(two.pow(31)).setScale(0, halves);
    return high.divide(two.pow(-fixed.shift())).setScale(0, halves).intValueExact();
  }

  @Test
  void oneIsOne() {
    assertEquals(-77, FixedPoint.of(1).timesUp(-77));
    assertEquals(154, FixedPoint.of(2).timesAway(77));
    assertEquals(0, FixedPoint.of(0).timesAway(77));
  }
}
