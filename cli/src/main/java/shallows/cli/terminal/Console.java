package shallows.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import shallows.model.progress.Progress;

/**
 * Where a command writes: results to {@code out}, progress and remarks to {@code err}. Every text
 * that may come from a file goes through {@link Shown} here.
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
    out.println(Shown.line(line));
    out.flush();
  }

  /**
   * Why results did not arrive, in the system's words where it gives some; empty where they did, or
   * where whoever read them had seen enough, as {@code head} does.
   */
  public Optional<String> lost() {
    if (!out.checkError()) {
      return Optional.empty();
    }
    // A PrintStream keeps what went wrong to itself; one more byte is told the same.
    if (out == System.out) {
      try {
        new FileOutputStream(FileDescriptor.out).write('\n');
      } catch (IOException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.contains("Broken pipe") ? Optional.empty() : Optional.of(reason);
      }
    }
    return Optional.of("the system does not say why");
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
    err.println("shallows: " + Shown.line(line));
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
