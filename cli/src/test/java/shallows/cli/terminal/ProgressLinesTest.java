package shallows.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long now;
  private final ProgressLines progress =
      new ProgressLines(new PrintStream(written, true), () -> now);

  @Test
  void aLineComesAfterMoreThanATenthOfTheWayWithTheTimeToGo() {
    progress.start("train", 20);
    for (int i = 0; i < 20; i++) {
      now += TimeUnit.SECONDS.toNanos(10);
      progress.advance(1, "loss 1");
    }
    progress.finish();

    List<String> lines = written.toString().lines().toList();
    assertEquals(6, lines.size());
    assertEquals("task=train progress=0.15 secondsToGo=170 note=\"loss 1\"", lines.get(0));
    assertEquals("task=train progress=0.90 secondsToGo=20 note=\"loss 1\"", lines.get(5));
  }

  @Test
  void aReportIsALineAndTheNextTenthCountsFromIt() {
    progress.start("train", 20);
    for (int i = 1; i <= 20; i++) {
      now += TimeUnit.SECONDS.toNanos(10);
      progress.advance(1, "");
      if (i % 4 == 1) {
        progress.report(new TreeMap<>(Map.of("epoch", "" + (i / 4 + 1), "loss", "0.5")));
      }
    }
    progress.finish();

    List<String> lines = written.toString().lines().toList();
    assertEquals("task=train progress=0.05 secondsToGo=190 epoch=1 loss=0.5", lines.get(0));
    assertEquals("task=train progress=0.20 secondsToGo=160", lines.get(1));
    assertEquals("task=train progress=0.25 secondsToGo=150 epoch=2 loss=0.5", lines.get(2));
    assertEquals(9, lines.size());
  }

  @Test
  void aRemarkIsALineForPeople() {
    progress.remark("something is odd");

    assertEquals("shallows: something is odd", written.toString().strip());
  }

  @Test
  void aShortTaskLeavesNoTrace() {
    progress.start("read images", 10);
    for (int i = 0; i < 10; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(100);
      progress.advance(1, "");
    }
    progress.finish();

    assertEquals("", written.toString());
  }

  @Test
  void advancingWithoutATaskIsIgnored() {
    progress.advance(1, "");

    assertTrue(written.toString().isEmpty());
  }
}
