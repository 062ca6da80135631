package shallows.cli.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import shallows.model.progress.Progress;

/**
 * Progress for a log file or another program: lines of {@code key=value}, one for whatever a task
 * reports, such as an epoch, and one when more than a tenth of the task has passed since the last.
 * Of those at most one every five seconds, so that short tasks leave no trace.
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
  private long lastDone;

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
    lastDone = 0;
    started = clock.getAsLong();
    lastLine = started;
  }

  @Override
  public void advance(long amount, String note) {
    done += amount;
    // The end is left out: the stage's own line says that it is done.
    if (task == null
        || (done - lastDone) * STEPS <= total
        || done >= total
        || clock.getAsLong() - lastLine < PAUSE_NS) {
      return;
    }
    line(note.isEmpty() ? Map.of() : Map.of("note", note));
  }

  @Override
  public void report(Map<String, String> figures) {
    if (task != null) {
      line(figures);
    }
  }

  @Override
  public void remark(String line) {
    Console.remark(err, line);
  }

  private void line(Map<String, String> figures) {
    long now = clock.getAsLong();
    lastDone = done;
    lastLine = now;
    StringBuilder line = new StringBuilder();
    append(line, "task", task);
    append(line, "progress", String.format(Locale.ROOT, "%.2f", (double) done / total));
    double left = done == 0 ? Double.NaN : (now - started) / 1e9 * (total - done) / done;
    append(line, "secondsToGo", String.format(Locale.ROOT, "%.0f", left));
    figures.forEach((name, value) -> append(line, name, value));
    err.println(Shown.line(line.toString()));
    err.flush();
  }

  private static void append(StringBuilder line, String name, String value) {
    boolean bare = value.matches("[^\\s\"=]+");
    line.append(line.isEmpty() ? "" : " ").append(name).append('=');
    line.append(bare ? value : '"' + value.replace("\"", "'") + '"');
  }

  @Override
  public void finish() {
    task = null;
  }
}
