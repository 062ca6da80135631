package shallows.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private long now;
  private final ProgressLines progress =
      new ProgressLines(new PrintStream(written, true), () -> now);

  @Test
  void aLineComesEveryTenthOfTheWayWithTheTimeToGo() {
    progress.start("train", 20);
    for (int i = 0; i < 20; i++) {
      now += TimeUnit.SECONDS.toNanos(10);
      progress.advance(1, "loss 1");
    }
    progress.finish();

    List<String> lines = written.toString().lines().toList();
    assertEquals(9, lines.size());
    assertEquals("train 10 %, about 3 min 0 s to go, loss 1", lines.get(0));
    assertEquals("train 90 %, about 20 s to go, loss 1", lines.get(8));
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
