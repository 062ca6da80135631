package shallows.prune.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import shallows.model.BadInputException;
import shallows.model.Setting;

class LimitTest {
  @ParameterizedTest
  @CsvSource({
    "100KB, 100000",
    "100 kb, 100000",
    "1.5MB, 1500000",
    "4M, 4000000",
    "2KiB, 2048",
    "1GiB, 1073741824",
    "25000, 25000",
    "50%, 5000",
    "12.5 %, 1250",
    "0.5, 1",
    "0.001%, 1"
  })
  void readsSizesCountsAndShares(String text, long expected) {
    assertEquals(expected, Limit.parse(Setting.MAX_BYTES, text).of(10_000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "0", "-5", "0%", "101%", "fifty", "100 XB", "1e6", "KB", "5%%", "1,5MB", "NaN"
      })
  void refusesWhatIsNoPositiveAmount(String text) {
    String message =
        assertThrows(BadInputException.class, () -> Limit.parse(Setting.MAX_BYTES, text))
            .getMessage();
    assertEquals(
        "maxBytes: expected a positive amount such as 100KB, 1.5M or 50%, found '" + text + "'",
        message);
  }

  @Test
  void keepsWholeAmountsExact() {
    assertEquals(999_999_999_999L, Limit.parse(Setting.MAX_MACS, "999999999999").of(1));
  }

  @Test
  void readsTimesAndSharesOfATime() {
    assertEquals(2.5, Limit.parseMilliseconds(Setting.MAX_LATENCY, "2.5 ms").of(10.0));
    assertEquals(5.0, Limit.parseMilliseconds(Setting.MAX_LATENCY, "50%").of(10.0));
    for (String wrong : new String[] {"2", "2KB", "0ms", "101%", "soon"}) {
      assertThrows(
          BadInputException.class,
          () -> Limit.parseMilliseconds(Setting.MAX_LATENCY, wrong),
          wrong);
    }
  }
}
