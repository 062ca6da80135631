package shallows.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;
import shallows.pipeline.report.Words;

/**
 * One line for a task on a terminal of any width: {@code train 45 % [==== ] 1 min 12 s to go, epoch
 * 3 of 8, loss 0.53}. Where there is no room for all, the note loses what stands last in it, then
 * the bar goes, then the time. Nothing is cut in two.
 */
final class BarLine implements ProgressBarRenderer {
  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 10;

  @Override
  public String render(ProgressState state, int width) {
    double done = state.getMax() <= 0 ? 0 : (double) state.getCurrent() / state.getMax();
    double elapsed = state.getElapsedAfterStart().toMillis() / 1000.0;
    return line(
        state.getTaskName(), Math.min(1, done), elapsed, state.getExtraMessage().strip(), width);
  }

  /**
   * @param done in [0, 1]
   * @param elapsed seconds
   * @param note parts with commas between
   * @param width in columns
   */
  static String line(String task, double done, double elapsed, String note, int width) {
    String head = String.format(Locale.ROOT, "%s %.0f %%", task, Math.floor(100 * done));
    String time = done > 0 ? Words.duration(elapsed * (1 - done) / done) + " to go" : "";
    List<String> parts = new ArrayList<>();
    if (!time.isEmpty()) {
      parts.add(time);
    }
    int room = width - head.length() - NARROWEST_BAR - " [] ".length();
    for (String part : note.isEmpty() ? new String[0] : note.split(", ")) {
      if (String.join(", ", parts).length() + 2 + part.length() > room) {
        break;
      }
      parts.add(part);
    }
    String tail = String.join(", ", parts);
    int bar = Math.min(WIDEST_BAR, width - (head + " [] " + tail).length());
    if (bar >= NARROWEST_BAR) {
      int full = (int) (bar * done);
      String drawn = "=".repeat(full) + " ".repeat(bar - full);
      return (head + " [" + drawn + "] " + tail).stripTrailing();
    }
    String bare = (head + " " + time).stripTrailing();
    return bare.length() <= width ? bare : head.length() <= width ? head : "";
  }
}
