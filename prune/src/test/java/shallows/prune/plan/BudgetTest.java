package shallows.prune.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BudgetTest {
  private static final Footprint FULL = new Footprint(400, 1000, null);
  private static final Footprint SAVED = new Footprint(200, 100, null);

  @Test
  void isNeverMetWithoutASize() {
    assertFalse(Budget.ofDrop(1).isMet(new Footprint(0, 0, null)));
  }

  @Test
  void isMetWhenEveryLimitIs() {
    Budget both = Budget.ofDrop(100).withMaxBytes(200).withMaxMacs(500);
    assertTrue(both.isMet(new Footprint(200, 500, null)));
    assertFalse(both.isMet(new Footprint(200, 501, null)));
    assertFalse(both.isMet(new Footprint(201, 500, null)));
  }

  @Test
  void pricesWhatIsLimited() {
    assertEquals(0.5, Budget.ofDrop(1).withMaxBytes(9).worth(SAVED, FULL));
    assertEquals(0.1, Budget.ofDrop(1).withMaxMacs(9).worth(SAVED, FULL));
    assertEquals(0.3, Budget.ofDrop(1).worth(SAVED, FULL), 1e-12);
    assertEquals(0.3, Budget.ofDrop(1).withMaxMacs(9).withMaxBytes(9).worth(SAVED, FULL), 1e-12);
  }

  @Test
  void timeIsWhatWasMeasuredAndElseGoesWithMacs() {
    Budget time =
        new Budget(
            1,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalDouble.of(1),
            FootprintMeter.WEIGHTS);
    assertEquals(0.1, time.worth(SAVED, FULL));
    Footprint slow = new Footprint(400, 1000, 8.0);
    assertEquals(0.1, time.worth(SAVED, slow));
    assertEquals(0.25, time.worth(new Footprint(200, 100, 2.0), slow));
    assertEquals(0.375, time.withMaxBytes(9).worth(new Footprint(200, 100, 2.0), slow));
  }

  @Test
  void saysWhichLimitIsMissedAndByHowMuch() {
    Budget both = Budget.ofDrop(100).withMaxBytes(200).withMaxMacs(500);
    assertEquals(
        List.of("250 bytes of weights where 200 are allowed (25.0 % too many)"),
        both.misses(new Footprint(250, 500, null)));
    assertEquals(
        List.of("11,828,600 bytes of weights where 200 are allowed (59,143 times that)"),
        both.misses(new Footprint(11_828_600, 500, null)));
    assertEquals(2, both.misses(new Footprint(250, 501, null)).size());
    assertTrue(both.lacksBytesAlone(new Footprint(250, 500, null)));
    assertFalse(both.lacksBytesAlone(new Footprint(250, 501, null)));
    assertFalse(both.lacksBytesAlone(new Footprint(200, 501, null)));
  }

  @Test
  void refusesADropBelowNothing() {
    assertThrows(IllegalArgumentException.class, () -> Budget.ofDrop(-0.1));
    assertThrows(IllegalArgumentException.class, () -> Budget.ofDrop(Double.NaN));
  }
}
