package shallows.cli.command;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import shallows.model.BadInputException;
import shallows.pipeline.Run;
import shallows.train.jobs.JobPlace;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** Who does what is cut into jobs. */
final class PlaceArgument {
  @Option(
      names = "--on",
      paramLabel = "WHERE",
      description = {
        "Who does what can be done in any order, instead of this process: spark (Apache Spark in"
            + " this process, or what spark-submit was told) or spark://HOST:PORT, a cluster whose"
            + " machines all see the images and the folder that is written; there --threads are"
            + " those of each job (default: 1), and also of what stays here. That is the trainings"
            + " of sweep, the parts of verify FILE, and what blocks of one network are worth"
            + " (train, run, shrink, prune)."
      })
  private String on;

  boolean isGiven() {
    return on != null;
  }

  /**
   * @throws BadInputException for a place that there is not
   */
  void require() {
    if (on != null && !on.equals("spark") && !on.matches("spark://[^/,]+:\\d+(,[^/,]+:\\d+)*")) {
      throw new BadInputException(
          "--on", "spark or spark://HOST:PORT", "'" + on + "'", "leave it out for this machine");
    }
  }

  /**
   * Does something with a run, with jobs done where they are asked to be.
   *
   * @param width of a job, as for {@link #runner}
   * @param remark likewise
   */
  void with(Run run, Compute width, Consumer<String> remark, Consumer<Run> work) {
    if (on == null) {
      work.accept(run);
      return;
    }
    AtomicBoolean given = new AtomicBoolean();
    try (JobRunner others = runner(width, remark)) {
      JobRunner heard =
          (chains, jobs, afterEach) -> {
            given.set(true);
            others.run(chains, jobs, afterEach);
          };
      work.accept(run.on(heard));
    }
    if (!given.get()) {
      remark.accept("--on " + on + ": nothing was given away, as there was too little to do");
    }
  }

  /**
   * @param width of a job
   * @param remark hears what a person should know although the work goes on
   */
  JobRunner runner(Compute width, Consumer<String> remark) {
    return on == null
        ? JobRunner.HERE
        : JobPlace.named(on, width, remark)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "--on " + on,
                        "to be started by ./shallows or spark-submit",
                        "no Spark",
                        "use one of those"));
  }
}
