package shallows.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.cli.report.ReportContent.SurvivalRow;

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

  @Test
  void ranksAlikeGiveOneAndReversedRanksMinusOne() {
    assertEquals(1.0, correlation(0.3, 0.2, 0.1), 1e-12);
    assertEquals(-1.0, correlation(0.1, 0.2, 0.3), 1e-12);
    // Two of three tie: ranks 1.5, 1.5, 3 against 3, 2, 1 give -sqrt(3)/2.
    assertEquals(-Math.sqrt(3) / 2, correlation(0.1, 0.1, 0.3), 1e-12);
  }

  private static double correlation(double... leaveOneOut) {
    return RankCorrelation.ofEffects(
            List.of(row(3, leaveOneOut[0]), row(2, leaveOneOut[1]), row(1, leaveOneOut[2])))
        .orElseThrow();
  }

  private static SurvivalRow row(double effect, double leaveOneOut) {
    return new SurvivalRow("block", 0.5, 1, 1, effect, 0.1, leaveOneOut);
  }

  private static String plain(String text) {
    return text.replace('\u00a0', ' ');
  }
}
