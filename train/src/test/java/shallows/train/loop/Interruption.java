package shallows.train.loop;

import java.util.ArrayList;
import java.util.List;
import shallows.model.progress.Progress;

/** What a killed process looks like from inside: everything after some step never happens. */
final class Interruption extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Listens to a training and stops it behind a number of steps. */
  static final class After implements Progress {
    private final long limit;
    private final List<String> remarks = new ArrayList<>();
    private long steps;

    After(long limit) {
      this.limit = limit;
    }

    /** What a person was told. */
    List<String> remarks() {
      return remarks;
    }

    @Override
    public void advance(long amount, String note) {
      steps += amount;
      if (steps > limit) {
        throw new Interruption();
      }
    }

    @Override
    public void remark(String line) {
      remarks.add(line);
    }
  }
}
