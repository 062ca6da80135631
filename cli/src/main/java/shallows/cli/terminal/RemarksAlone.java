package shallows.cli.terminal;

import java.io.PrintStream;
import java.util.Map;
import shallows.model.progress.Progress;

/** Shows no progress, only what a person should know. */
record RemarksAlone(PrintStream err) implements Progress {
  @Override
  public void start(String task, long total) {}

  @Override
  public void advance(long amount, String note) {}

  @Override
  public void finish() {}

  @Override
  public void report(Map<String, String> figures) {}

  @Override
  public void remark(String line) {
    Console.remark(err, line);
  }
}
