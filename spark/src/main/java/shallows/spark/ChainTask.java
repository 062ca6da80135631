package shallows.spark;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import shallows.model.BadInputException;
import shallows.model.Failure;
import shallows.model.RootCause;
import shallows.model.json.Changes;
import shallows.model.progress.Progress;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/**
 * What an executor does with a chain of jobs.
 *
 * @param preflight what must be so there
 * @param compute how wide a job is there
 */
record ChainTask(Preflight preflight, Compute compute)
    implements Function<JobChain, ChainTask.Outcome> {
  private static final long serialVersionUID = 1;
  private static final String GPU = "gpu";

  /** LibTorch is not safe where two networks meet their shapes at once, see JobRunner.HERE. */
  private static final Object ONE_AT_A_TIME = new Object();

  /**
   * What came of it; the results themselves are in their folders.
   *
   * @param host where it was done
   * @param failure what a person has to mend; null where it was done. It is a value and nothing
   *     that is thrown, as Spark would try the same again on the other machines
   */
  record Outcome(String host, Failure failure) implements Serializable {
    private static final long serialVersionUID = 1;
  }

  @Override
  public Outcome call(JobChain chain) {
    String host = SparkEnv.get().blockManager().blockManagerId().host();
    try {
      synchronized (ONE_AT_A_TIME) {
        Compute width = width();
        preflight.require(width, chain.needsTorch());
        chain.run(new Jobs(Path.of(preflight.root()), width, Progress.SILENT, name -> {}));
      }
      return new Outcome(host, null);
    } catch (BadInputException e) {
      return new Outcome(host, e.failure());
    } catch (LinkageError e) {
      // A library that is not there is not there at the second time either.
      return new Outcome(
          host,
          new BadInputException(
                  "a library",
                  "that it can be loaded",
                  RootCause.words(e),
                  "give the machine all jars of its platform, and a folder that its user can write",
                  e)
              .failure());
    }
  }

  /** On the GPU that Spark has given to the task, where it has. */
  private Compute width() {
    var given = TaskContext.get().resourcesJMap().get(GPU);
    if (given == null || !compute.isAuto()) {
      return compute;
    }
    String device =
        String.join(",", Arrays.stream(given.addresses()).map(number -> "cuda:" + number).toList());
    return Changes.in(compute, "device", device);
  }
}
