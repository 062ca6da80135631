package shallows.train.jobs;

import java.util.List;

/**
 * Who does the jobs of a list. Whoever does them, the same files come out: a job depends on its
 * settings alone, and only what has its {@code job.json} counts.
 */
@FunctionalInterface
public interface JobRunner extends AutoCloseable {
  /**
   * This machine: one chain after another, each on as many threads as it was given. Not several at
   * once, as LibTorch is not safe where two networks meet their shapes at the same time, and a
   * training keeps the threads that it has at work.
   */
  JobRunner HERE =
      (chains, jobs, afterEach) -> {
        for (JobChain chain : chains) {
          chain.run(jobs);
          afterEach.run();
        }
      };

  /**
   * Does what is not done yet, and returns when all of it is.
   *
   * @param jobs the folder of their results
   * @param afterEach called by the calling thread when a chain has come to its end
   * @throws shallows.model.BadInputException at the first job that a person has to mend something
   *     for; what was done by then stays done
   */
  void run(List<JobChain> chains, Jobs jobs, Runnable afterEach);

  /** Lets go of the machines that do them. */
  @Override
  default void close() {}
}
