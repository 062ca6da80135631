package shallows.cli.terminal;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import shallows.model.progress.Progress;

/**
 * Progress for a log file: a line whenever another tenth of a task is done, at most one every five
 * seconds, so that short tasks leave no trace.
 */
final class ProgressLines implements Progress {
  private static final int STEPS = 10;
  private static final long PAUSE_NS = 5_000_000_000L;

  private final PrintStream err;
  private final LongSupplier clock;
  private String task;
  private long total;
  private long done;
  private long started;
  private long lastLine;
  private long lastStep;

  /**
   * @param clock in ns
   */
  ProgressLines(PrintStream err, LongSupplier clock) {
    this.err = err;
    this.clock = clock;
  }

  @Override
  public void start(String name, long amount) {
    task = name;
    total = amount;
    done = 0;
    lastStep = 0;
    started = clock.getAsLong();
    lastLine = started;
  }

  @Override
  public void advance(long amount, String note) {
    done += amount;
    long step = done * STEPS / Math.max(total, 1);
    long now = clock.getAsLong();
    // The last step is left out: the stage's own line says that it is done.
    if (task == null || step == lastStep || step >= STEPS || now - lastLine < PAUSE_NS) {
      return;
    }
    lastStep = step;
    lastLine = now;
    double left = (now - started) / 1e9 * (total - done) / done;
    err.printf(
        "%s %d %%, about %s to go%s%n",
        task, 100 * done / total, Durations.text(left), note.isEmpty() ? "" : ", " + note);
    err.flush();
  }

  @Override
  public void finish() {
    task = null;
  }
}
