package shallows.demo;

import android.os.Build;
import android.os.Handler;
import java.util.concurrent.atomic.AtomicBoolean;

/** The benchmark as the screens see it: it goes on while a screen is turned. Main thread only. */
final class BenchmarkRun {
  private final Handler main;
  private Runnable listener = () -> {};
  private AtomicBoolean cancelled = new AtomicBoolean();
  private String table = "";
  private boolean running;

  BenchmarkRun(Handler main) {
    this.main = main;
  }

  /** What is known so far, empty before the first figure. */
  String table() {
    return table;
  }

  boolean isRunning() {
    return running;
  }

  /**
   * @param changed called after every change
   */
  void listen(Runnable changed) {
    listener = changed;
  }

  void start(DemoApplication app, int runs) {
    AtomicBoolean stop = new AtomicBoolean();
    cancelled = stop;
    set("", true);
    app.work(
        open -> {
          new Benchmark(open, Build.MANUFACTURER + " " + Build.MODEL, runs, stop)
              .measure(
                  text ->
                      main.post(
                          () -> {
                            if (!stop.get()) {
                              set(text, true);
                            }
                          }));
          return stop;
        },
        of -> {
          if (of == cancelled) {
            set(table, false);
          }
        },
        problem -> {
          if (stop == cancelled) {
            set(problem, false);
          }
        });
  }

  /** Leaves what was measured; a benchmark of a run that was left is of no use. */
  void cancel() {
    cancelled.set(true);
    set(running ? "" : table, false);
  }

  void restore(String saved) {
    if (!running && table.isEmpty()) {
      table = saved;
    }
  }

  private void set(String text, boolean goesOn) {
    table = text;
    running = goesOn;
    listener.run();
  }
}
