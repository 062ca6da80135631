package shallows.bench;

import java.util.Map;
import shallows.model.progress.Progress;

/** Hears of each step and nothing else. */
@FunctionalInterface
interface EachStep extends Progress {
  void step();

  @Override
  default void start(String task, long total) {}

  @Override
  default void advance(long amount, String note) {
    step();
  }

  @Override
  default void finish() {}

  @Override
  default void report(Map<String, String> figures) {}

  @Override
  default void remark(String line) {
    System.err.println(line);
  }
}
