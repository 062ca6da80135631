package shallows.cli.terminal;

import java.io.PrintStream;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import shallows.model.progress.Progress;

/** Draws each task as a bar with the time to go, and wipes the bar away when the task is done. */
final class ProgressBars implements Progress {
  /** Four drawings a second look smooth and cost nothing. */
  private static final int INTERVAL_MS = 250;

  /** What is right of the cursor. */
  private static final String ERASE = "\u001b[K";

  /** To the start of the line, and erase to its end. */
  static final String WIPE = "\r" + ERASE;

  private final PrintStream err;
  private Drawing drawing;
  private ProgressBar bar;

  ProgressBars(PrintStream err) {
    this.err = err;
  }

  @Override
  public void start(String task, long total) {
    finish();
    drawing = new Drawing(err);
    bar =
        new ProgressBarBuilder()
            .setTaskName(Shown.line(task))
            .setInitialMax(total)
            .setRenderer(new BarLine())
            .setUpdateIntervalMillis(INTERVAL_MS)
            .setConsumer(drawing)
            .clearDisplayOnFinish()
            .build();
  }

  @Override
  public void advance(long amount, String note) {
    if (bar != null) {
      bar.stepBy(amount);
      if (!note.isEmpty()) {
        bar.setExtraMessage(Shown.line(note));
      }
    }
  }

  @Override
  public void finish() {
    if (bar != null) {
      bar.close();
      drawing.end();
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

  /** The line on the terminal. The library may draw a bar once more after it was closed. */
  private static final class Drawing extends ConsoleProgressBarConsumer {
    private final PrintStream err;
    private boolean ended;

    Drawing(PrintStream err) {
      super(err);
      this.err = err;
    }

    @Override
    public synchronized void accept(String line) {
      if (!ended) {
        err.print("\r" + line + ERASE);
        err.flush();
      }
    }

    @Override
    public void clear() {}

    @Override
    public void close() {}

    synchronized void end() {
      ended = true;
      err.print(WIPE);
      err.flush();
    }
  }
}
