package shallows.prune.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Cost;

class BudgetTest {
  private static final Cost FULL = new Cost(0, 1000, 400);
  private static final Cost SAVED = new Cost(0, 100, 200);

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
