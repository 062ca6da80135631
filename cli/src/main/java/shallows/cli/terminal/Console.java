package shallows.cli.terminal;

import java.io.PrintStream;
import shallows.model.progress.Progress;

/**
 * Where a command writes: results to {@code out}, progress and remarks to {@code err}.
 *
 * @param out results, one line or table at a time
 * @param err what a person reads meanwhile
 * @param terminal whether {@code err} is a terminal, where a line can be drawn over
 */
public record Console(PrintStream out, PrintStream err, boolean terminal) {
  /** The property by which the launcher tells whether standard error is a terminal. */
  private static final String TERMINAL = "shallows.terminal";

  /** The streams of this process. */
  public static Console ofProcess() {
    return new Console(System.out, System.err, Boolean.getBoolean(TERMINAL));
  }

  /** A result. */
  public void result(String line) {
    out.println(line);
    out.flush();
  }

  /** A remark that is not a result. */
  public void remark(String line) {
    remark(err, line);
  }

  /** A remark after which nothing more is said, neither by a bar nor by work that falls apart. */
  public void last(String line) {
    if (terminal) {
      err.print(ProgressBars.WIPE);
    }
    remark(line);
    err.close();
  }

  static void remark(PrintStream err, String line) {
    err.println("shallows: " + line);
    err.flush();
  }

  /**
   * A bar with the time to go on a terminal, lines of {@code key=value} elsewhere.
   *
   * @param quiet shows remarks alone
   */
  public Progress progress(boolean quiet) {
    if (quiet) {
      return new RemarksAlone(err);
    }
    return terminal ? new ProgressBars(err) : new ProgressLines(err, System::nanoTime);
  }
}
