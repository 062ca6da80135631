package shallows.cli.stage;

import java.util.Locale;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.Stage;
import shallows.cli.terminal.Console;
import shallows.cli.terminal.Durations;

/** What a stage does between its beginning and its end, which are the same for all. */
@FunctionalInterface
interface StageWork {
  /**
   * Writes the stage's files.
   *
   * @return what came of it in a few words, for its line
   */
  String write();

  /**
   * Runs a stage: removes what it will write again and what later stages made of it, works, records
   * the time, and prints one line.
   *
   * @param goOn whether it goes on from outputs of its own
   * @param earlier seconds that interrupted runs of the stage took
   */
  static void run(
      OpenRun run, Stage stage, boolean goOn, double earlier, Console console, StageWork work) {
    long start = System.nanoTime();
    run.begin(stage, goOn);
    String summary = work.write();
    double seconds = earlier + (System.nanoTime() - start) / 1e9;
    run.finish(stage, seconds);
    console.result(
        String.format(Locale.ROOT, "%-7s %s  %s", stage.key(), summary, Durations.text(seconds)));
  }

  /** The same for a stage that begins anew. */
  static void run(OpenRun run, Stage stage, Console console, StageWork work) {
    run(run, stage, false, 0, console, work);
  }
}
