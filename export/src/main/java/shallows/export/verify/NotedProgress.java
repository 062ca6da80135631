package shallows.export.verify;

import java.util.Map;
import shallows.model.progress.Progress;

/** A part of longer work: hands on what is done, with a note on what it is. */
record NotedProgress(Progress whole, String note) implements Progress {
  @Override
  public void start(String task, long total) {
    // The whole was started by whoever knows how long it is.
  }

  @Override
  public void advance(long amount, String ignored) {
    whole.advance(amount, note);
  }

  @Override
  public void finish() {
    // The whole goes on.
  }

  @Override
  public void report(Map<String, String> figures) {
    whole.report(figures);
  }

  @Override
  public void remark(String line) {
    whole.remark(line);
  }
}
