package shallows.train.jobs;

import java.io.Serializable;
import java.util.List;

/**
 * Jobs that are done one after another in one place, since each builds upon those before it. Chains
 * of a list depend on nothing of each other, so they are done in any order, or side by side.
 *
 * @param jobs at least one
 */
public record JobChain(List<Job<?>> jobs) implements Serializable {
  private static final long serialVersionUID = 1;

  public JobChain {
    if (jobs.isEmpty()) {
      throw new IllegalArgumentException("a chain must have at least one job, had none");
    }
    jobs = List.copyOf(jobs);
  }

  /** That of its first job. */
  public String name() {
    return jobs.get(0).name();
  }

  /** Whether one of them {@linkplain Job#needsTorch computes with LibTorch}. */
  public boolean needsTorch() {
    return jobs.stream().anyMatch(Job::needsTorch);
  }

  /** Does what of it is not done. */
  public void run(Jobs in) {
    for (Job<?> job : jobs) {
      in.result(job);
    }
  }

  /** Whether nothing of it is left to do. */
  public boolean isFinished(Jobs in) {
    return jobs.stream().allMatch(job -> in.finished(job).isPresent());
  }
}
