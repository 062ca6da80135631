package shallows.demo;

import android.content.Context;
import android.content.SharedPreferences;

/** What is chosen of how answers are computed and shown; kept from one start to the next. */
enum Choice {
  /** How many of the most probable classes are shown. */
  CLASSES(R.string.classes, R.string.number, 3, 1, 10, 1),
  /** Classes below this probability, in percent, are not. */
  LEAST(R.string.least, R.string.percent, 0, 0, 90, 10),
  /** How many compute one operation. */
  THREADS(R.string.threads, R.string.number, 1, 1, Benchmark.MOST_THREADS, 1);

  private final int words;
  private final int format;
  private final int first;
  private final int least;
  private final int most;
  private final int step;

  Choice(int words, int format, int first, int least, int most, int step) {
    this.words = words;
    this.format = format;
    this.first = first;
    this.least = least;
    this.most = most;
    this.step = step;
  }

  int of(Context context) {
    return preferences(context).getInt(name(), first);
  }

  String words(Context context) {
    return context.getString(words);
  }

  /** The value as it is shown. */
  String shown(Context context) {
    return context.getString(format, of(context));
  }

  boolean canStep(Context context, int direction) {
    int next = of(context) + direction * step;
    return next >= least && next <= most;
  }

  /**
   * Chooses the next value, where there is one.
   *
   * @param direction 1 or −1
   */
  void step(Context context, int direction) {
    if (canStep(context, direction)) {
      int next = of(context) + direction * step;
      preferences(context).edit().putInt(name(), next).apply();
    }
  }

  private static SharedPreferences preferences(Context context) {
    return context.getSharedPreferences("choices", Context.MODE_PRIVATE);
  }
}
