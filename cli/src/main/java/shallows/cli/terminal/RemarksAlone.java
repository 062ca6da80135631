package shallows.cli.terminal;

import java.io.PrintStream;
import shallows.model.progress.Progress;

/** Shows no progress, only what a person should know. */
record RemarksAlone(PrintStream err) implements Progress {
  @Override
  public void remark(String line) {
    Console.remark(err, line);
  }
}
