package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Cost;

class BudgetTest {
  private static final Cost FULL = new Cost(0, 1000, 400);
  private static final Cost SAVED = new Cost(0, 100, 200);

  @Test
  void isNeverMetWithoutASize() {
    assertFalse(Budget.ofDrop(1).isMet(new Cost(0, 0, 0)));
  }

  @Test
  void isMetWhenEveryLimitIs() {
    Budget both = new Budget(100, OptionalLong.of(200), OptionalLong.of(500));
    assertTrue(both.isMet(new Cost(0, 500, 200)));
    assertFalse(both.isMet(new Cost(0, 501, 200)));
    assertFalse(both.isMet(new Cost(0, 500, 201)));
  }

  @Test
  void pricesWhatIsLimited() {
    assertEquals(0.5, new Budget(1, OptionalLong.of(9), OptionalLong.empty()).worth(SAVED, FULL));
    assertEquals(0.1, new Budget(1, OptionalLong.empty(), OptionalLong.of(9)).worth(SAVED, FULL));
    assertEquals(0.3, Budget.ofDrop(1).worth(SAVED, FULL), 1e-12);
  }

  @Test
  void refusesADropBelowNothing() {
    assertThrows(IllegalArgumentException.class, () -> Budget.ofDrop(-0.1));
    assertThrows(IllegalArgumentException.class, () -> Budget.ofDrop(Double.NaN));
  }
}
