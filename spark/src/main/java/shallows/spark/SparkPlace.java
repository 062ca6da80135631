package shallows.spark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.package$;
import shallows.model.BadInputException;
import shallows.model.Phrase;
import shallows.model.Setting;
import shallows.train.jobs.JobPlace;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/** {@code spark}: in this process, or as spark-submit has it; {@code spark://HOST:PORT}. */
public final class SparkPlace implements JobPlace {
  private static final String NAME = "spark";
  private static final String MASTER = "spark://";
  private static final String SPARK_VERSION = package$.MODULE$.SPARK_VERSION();
  private static final int ANSWERS_WITHIN_MS = 5_000;

  @Override
  public Optional<JobRunner> open(String where, Compute compute, Consumer<String> remark) {
    boolean named = where.startsWith(MASTER);
    if (!named && !where.equals(NAME)) {
      return Optional.empty();
    }
    if (named) {
      requireAnswer(where);
    }
    SparkSettings settings = SparkSettings.of(named ? where : null, compute);
    // Begun with the first list: until then a training may take hours, and no executor is needed.
    // From then on they are kept, so that the next list need not begin anew.
    return Optional.of(new SparkJobs(() -> start(where, settings), settings.compute(), remark));
  }

  private static JavaSparkContext start(String where, SparkSettings settings) {
    try {
      return new JavaSparkContext(settings.conf());
    } catch (Exception e) {
      throw new BadInputException(
          Phrase.of("%s %s", Setting.ON, where),
          "a Spark that can be started",
          String.valueOf(e.getMessage()).lines().findFirst().orElse(e.getClass().getSimpleName()),
          "master and workers must be of Spark " + SPARK_VERSION,
          e);
    }
  }

  /** Spark itself would try for a minute and then end with a stack trace. */
  private static void requireAnswer(String where) {
    IOException last = null;
    for (String address : where.substring(MASTER.length()).split(",")) {
      int colon = address.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
            ANSWERS_WITHIN_MS);
        return;
      } catch (IOException | IllegalArgumentException e) {
        last = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
      }
    }
    throw new BadInputException(
        Phrase.of("%s %s", Setting.ON, where),
        "a Spark master that answers",
        "none (" + last.getMessage() + ")",
        "start one, or correct host and port",
        last);
  }
}
