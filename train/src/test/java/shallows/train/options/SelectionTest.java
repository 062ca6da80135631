package shallows.train.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import shallows.train.options.Selection.Keep;

class SelectionTest {
  @Test
  void theAverageFollowsFastAtFirst() {
    Selection selection = new Selection(0.99, Keep.LAST, 0);
    assertEquals(0.1, selection.decayAt(0), 1e-12);
    assertEquals(0.5, selection.decayAt(8), 1e-12);
    assertEquals(0.99, selection.decayAt(890), 1e-12);
    assertEquals(0.99, selection.decayAt(1_000_000), 1e-12);
  }

  @Test
  void refusesAnAverageThatNeverMoves() {
    assertThrows(IllegalArgumentException.class, () -> new Selection(1, Keep.LAST, 0));
  }
}
