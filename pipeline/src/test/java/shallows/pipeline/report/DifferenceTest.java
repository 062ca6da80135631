package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DifferenceTest {
  @Test
  void hasTheIntervalOfPairedProportions() {
    // Bonett and Price for n = 2000, b = 74, c = 30: p12 = 75/2002, p21 = 31/2002.
    Difference difference = of(74, 30, 2000);
    double p12 = 75 / 2002.0;
    double p21 = 31 / 2002.0;
    assertEquals(0.022, difference.lost(), 1e-12);
    assertEquals(
        1.96 * Math.sqrt((p12 + p21 - (p12 - p21) * (p12 - p21)) / 2002),
        difference.margin(),
        1e-12);
    assertFalse(difference.isWithinChance());
  }

  @Test
  void leavesSomethingToChanceWhereNoImageChangedSides() {
    Difference none = of(0, 0, 200);
    assertEquals(0, none.lost());
    assertTrue(none.margin() > 0.01, () -> "margin " + none.margin());
    assertEquals("; accuracy the same (\u00b11.4 points).", none.ending());
    assertEquals("nothing lost \u00b1\u00a01.4", none.inShort());
  }

  @Test
  void saysWhatChanceAllows() {
    assertEquals(
        "; accuracy 3.3 points higher, within chance (\u00b15.9).", of(11, 17, 180).ending());
    assertEquals(
        "; accuracy 1.0 point lower, within chance (\u00b11.5).", of(130, 110, 2000).ending());
    assertEquals(", for 2.2 \u00b1 1.0 points of accuracy.", of(74, 30, 2000).ending());
    assertEquals(", and gains 2.2 \u00b1 1.0 points of accuracy.", of(30, 74, 2000).ending());
    assertEquals("2.2 points gained \u00b1\u00a01.0", of(30, 74, 2000).inShort());
  }

  private static Difference of(int lost, int won, int images) {
    return Difference.of(SampleExports.list().get(1).against(lost, won).check(), images);
  }
}
