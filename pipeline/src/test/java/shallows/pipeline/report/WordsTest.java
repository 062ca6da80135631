package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.0 KB",
    "41349, 41.3 KB",
    "999960, 1.0 MB",
    "1900000, 1.9 MB"
  })
  void bytesHaveADigitBehindThePoint(long bytes, String text) {
    assertEquals(text, Words.bytes(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 s", "8.4, 8 s", "119.4, 119 s", "200, 3 min 20 s", "7200, 120 min 0 s"})
  void timesTurnToMinutesAfterTwo(double seconds, String text) {
    assertEquals(text, Words.duration(seconds));
  }

  @ParameterizedTest
  @CsvSource({"0.8834, 88.3 %", "1, 100.0 %", "0.8845, 88.5 %", "0.8844, 88.4 %"})
  void percentHasADigitBehindThePoint(double fraction, String text) {
    assertEquals(text, Words.percent(fraction));
  }
}
