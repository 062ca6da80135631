package shallows.train.jobs;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import shallows.model.BadInputException;
import shallows.model.file.AtomicFile;
import shallows.model.file.IoReason;
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
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeNulls().disableHtmlEscaping().create();

  /** Where a job's files lie; made where it is missing. */
  public Path folder(Job<?> job) {
    try {
      return Files.createDirectories(root.resolve(job.name()));
    } catch (IOException e) {
      throw new BadInputException(
          root.resolve(job.name())
              + ": cannot be made ("
              + IoReason.of(e)
              + "); free space or choose another folder",
          e);
    }
  }

  /** What came of a job: from its file, or by doing it now. */
  public <R> R result(Job<R> job) {
    Optional<R> earlier = finished(job);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    begun.accept(job.name());
    R result = job.run(this);
    JsonObject done = new JsonObject();
    done.add("asked", GSON.toJsonTree(job));
    done.add("result", GSON.toJsonTree(result));
    AtomicFile.writeText(file(job), GSON.toJson(done) + "\n");
    return result;
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
    JsonObject done = read(file);
    JsonElement asked = done.get("asked");
    if (!GSON.toJsonTree(job).equals(asked)) {
      throw new BadInputException(
          file
              + ": expected the result of "
              + GSON.toJsonTree(job)
              + ", found that of "
              + asked
              + "; choose another folder");
    }
    return Optional.of(GSON.fromJson(done.get("result"), job.resultType()));
  }

  private Path file(Job<?> job) {
    return root.resolve(job.name()).resolve("job.json");
  }

  private static JsonObject read(Path file) {
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw new BadInputException(
          file + ": expected the result of a job, found damage; delete it to do the job again", e);
    }
  }
}
