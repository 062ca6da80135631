package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void writesThreeDigitsAndAUnit() {
    assertEquals("812 B", plain(Figures.bytes(812)));
    assertEquals("96.4 KB", plain(Figures.bytes(96_412)));
    assertEquals("1.87 MB", plain(Figures.bytes(1_873_412)));
    assertEquals("1.00 MB", plain(Figures.bytes(999_900)));
    assertEquals("12.9 M", plain(Figures.count(12_900_000)));
    assertEquals("640", plain(Figures.count(640)));
    assertEquals("0.30 ms", plain(Figures.milliseconds(0.302)));
  }

  @Test
  void roundsHalvesOfAPercentUpAsByHand() {
    assertEquals("88.5 %", plain(Figures.percent(0.8845)));
    assertEquals("88.4 %", plain(Figures.percent(0.88449)));
    assertEquals("100.0 %", plain(Figures.percent(1)));
  }

  @Test
  void writesNoMinusBeforeNothing() {
    assertEquals("0.0000", Figures.loss(-0.00001));
    assertEquals("\u22120.0016", Figures.loss(-0.0016));
  }

  @Test
  void writesTimesAsPeopleSayThem() {
    assertEquals("2.1 s", plain(Figures.duration(2.1)));
    assertEquals("4 min 11 s", plain(Figures.duration(251.3)));
    assertEquals("2 h 05 min", plain(Figures.duration(7_512)));
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
