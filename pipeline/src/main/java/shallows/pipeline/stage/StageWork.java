package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Locale;
import java.util.function.UnaryOperator;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Durations;

/** What a stage does between its beginning and its end, which are the same for all. */
@FunctionalInterface
interface StageWork {
  /**
   * What came of a stage.
   *
   * @param summary in a few words, for its line
   * @param seconds that it took at least, those of interrupted runs included
   */
  record Done(String summary, double seconds) {}

  /**
   * Writes the stage's files.
   *
   * @param folder empty; what is in it afterwards takes the place of the stage's old files
   */
  Done write(Path folder);

  /**
   * Runs a stage: works, then puts its files in place of the old ones, records the time and what it
   * was asked for, and prints one line. A stage that fails changes nothing.
   *
   * @param asked puts what the stage was asked for into the record
   */
  static void run(
      OpenRun run, Stage stage, UnaryOperator<RunRecord> asked, Listener listener, StageWork work) {
    long start = System.nanoTime();
    Path folder = run.begin(stage);
    double seconds;
    Done done;
    try {
      done = work.write(folder);
      seconds = Math.max(done.seconds(), (System.nanoTime() - start) / 1e9);
      run.finish(stage, seconds, asked.apply(run.record()));
    } catch (RuntimeException | Error e) {
      try {
        run.abandon(stage);
      } catch (RuntimeException leftToTheNextStart) {
        e.addSuppressed(leftToTheNextStart);
      }
      throw e;
    }
    listener.result(
        String.format(
            Locale.ROOT, "%-7s %s  %s", stage.key(), done.summary(), Durations.text(seconds)));
  }

  /** The same for a stage that is asked for nothing else than before. */
  static void run(OpenRun run, Stage stage, Listener listener, StageWork work) {
    run(run, stage, UnaryOperator.identity(), listener, work);
  }
}
