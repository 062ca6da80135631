package shallows.train.jobs;

import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.file.LockedFile;
import shallows.model.json.JsonFormat;
import shallows.model.progress.Progress;
import shallows.train.options.Compute;

/**
 * A folder of jobs: {@code NAME/job.json} holds what each was asked for and what came of it, and is
 * written last. What has one is not done again.
 *
 * @param root of the folders
 * @param compute where to compute; no result depends on it
 * @param progress hears of the work of each
 * @param begun hears the name of each job that is not done yet, when it begins
 */
public record Jobs(Path root, Compute compute, Progress progress, Consumer<String> begun) {
  /** The name of a job's file, in the folder of the job. */
  public static final String RESULT = "job.json";

  /** The content of {@code job.json}. */
  private record Done<J, R>(J asked, R result) {}

  /** Where a job's files lie; made where it is missing. */
  public Path folder(Job<?> job) {
    try {
      return Files.createDirectories(root.resolve(job.name()));
    } catch (IOException e) {
      throw BadInputException.of(
          root.resolve(job.name()),
          "cannot be made (" + IoReason.of(e) + ")",
          "free space or choose another folder",
          e);
    }
  }

  /**
   * What came of a job: from its file, or by doing it now. Where somebody else does it at the
   * moment their result is waited for.
   */
  public <R> R result(Job<R> job) {
    Optional<R> earlier = finished(job);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    LockedFile lock = JobLock.take(folder(job), progress);
    try {
      // Whoever had the lock may have done it.
      earlier = finished(job);
      if (earlier.isPresent()) {
        return earlier.get();
      }
      begun.accept(job.name());
      R result = job.run(this);
      format(job).write(new Done<>(job, result), file(job));
      return result;
    } finally {
      lock.close();
    }
  }

  /**
   * What came of a job that was done earlier.
   *
   * @throws BadInputException when its folder holds the result of another job
   */
  public <R> Optional<R> finished(Job<R> job) {
    Path file = file(job);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Done<Job<R>, R> done = format(job).read(file);
    if (!job.equals(done.asked())) {
      throw new BadInputException(
          file,
          "the result of " + JsonFormat.compact(job),
          "that of " + JsonFormat.compact(done.asked()),
          "choose another folder");
    }
    return Optional.of(done.result());
  }

  /** A job's own class is what its file holds, which the compiler cannot know. */
  @SuppressWarnings("unchecked")
  private static <R> JsonFormat<Done<Job<R>, R>> format(Job<R> job) {
    return new JsonFormat<>(
        (TypeToken<Done<Job<R>, R>>)
            TypeToken.getParameterized(Done.class, job.getClass(), job.resultType()),
        "the result of a job",
        "delete it to do the job again");
  }

  private Path file(Job<?> job) {
    return root.resolve(job.name()).resolve(RESULT);
  }
}
