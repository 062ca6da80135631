package shallows.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import shallows.model.BadInputException;
import shallows.model.progress.Progress;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/** What measurements take that are lists of jobs, and how they run. */
final class JobArguments {
  @Parameters(paramLabel = "FOLDER", description = "Where the jobs go, and the table of them.")
  private Path folder;

  @Option(names = "--train-images", description = "As in train; all without it.")
  private Integer trainImages;

  @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "A run each.")
  private List<Long> seeds;

  @Option(names = "--threads", defaultValue = "0", description = "0 for all processors.")
  private int threads;

  Path folder() {
    return folder;
  }

  Integer trainImages() {
    return trainImages;
  }

  List<Long> seeds() {
    return seeds;
  }

  Jobs jobs() {
    return jobs(folder, threads);
  }

  static Jobs jobs(Path folder, int threads) {
    return new Jobs(
        folder,
        Compute.parse("auto", threads),
        Progress.SILENT,
        name -> System.err.println("begins " + name));
  }

  /** Runs a measurement; the exit status is that of the commands. */
  static int run(Callable<Integer> measurement, String[] arguments) {
    return new CommandLine(measurement)
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              if (e instanceof BadInputException) {
                line.getErr().println(line.getCommandName() + ": " + e.getMessage());
                return 2;
              }
              throw e;
            })
        .execute(arguments);
  }
}
