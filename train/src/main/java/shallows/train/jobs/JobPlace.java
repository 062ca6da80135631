package shallows.train.jobs;

import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import shallows.train.options.Compute;

/**
 * Where jobs can be done other than on this machine. Whoever has such a place declares it as a
 * service ({@link ServiceLoader}), so that nothing here depends on it.
 */
public interface JobPlace {
  /**
   * @param where for example {@code "spark://host:7077"}
   * @param compute how wide one job is there
   * @param remark hears in one line what a person should know although the work goes on
   * @return empty where this place is not meant
   * @throws shallows.model.BadInputException when it is meant and cannot be reached
   */
  Optional<JobRunner> open(String where, Compute compute, Consumer<String> remark);

  /** The runner at a place; empty where nothing on the class path knows it. */
  static Optional<JobRunner> named(String where, Compute compute, Consumer<String> remark) {
    return ServiceLoader.load(JobPlace.class).stream()
        .map(place -> place.get().open(where, compute, remark))
        .flatMap(Optional::stream)
        .findFirst();
  }
}
