package shallows.cli.terminal;

import java.io.PrintStream;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import shallows.model.progress.Progress;

/** Draws each task as a bar with the time to go, and wipes the bar away when the task is done. */
final class ProgressBars implements Progress {
  /** Four drawings a second look smooth and cost nothing. */
  private static final int INTERVAL_MS = 250;

  /** To the start of the line, and erase to its end. */
  private static final String WIPE = "\r\u001b[K";

  private final PrintStream err;
  private ProgressBar bar;

  ProgressBars(PrintStream err) {
    this.err = err;
  }

  @Override
  public void start(String task, long total) {
    finish();
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(INTERVAL_MS)
            .setConsumer(new ConsoleProgressBarConsumer(err))
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void advance(long amount, String note) {
    if (bar != null) {
      bar.stepBy(amount);
      if (!note.isEmpty()) {
        bar.setExtraMessage(" " + note);
      }
    }
  }

  @Override
  public void finish() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  /** The bar's note has the same figures, step by step. */
  @Override
  public void report(Map<String, String> figures) {}

  @Override
  public void remark(String line) {
    // Over the bar, which is drawn again below it.
    err.print(WIPE);
    Console.remark(err, line);
  }
}
