package shallows.spark;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import shallows.model.json.Changes;
import shallows.model.process.StreamWidth;
import shallows.train.options.Compute;

/**
 * How Spark is started. Whatever spark-submit or a system property {@code spark.…} says wins, but
 * for the master that was named.
 *
 * @param conf for the context
 * @param compute how wide one job is on an executor
 */
record SparkSettings(SparkConf conf, Compute compute) {
  private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,.*)?\\])?");

  /** What ./shallows gives its own process; here they are for the processes of the executors. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MALLOC_ARENA_MAX", "1",
          "MALLOC_TRIM_THRESHOLD_", "8589934592",
          "MALLOC_MMAP_THRESHOLD_", "4294967296",
          "MALLOC_TOP_PAD_", "268435456",
          "OMP_WAIT_POLICY", "PASSIVE",
          "TORCH_CPP_LOG_LEVEL", "ERROR",
          // Neither ONNX Runtime nor DJL is to tell anybody who uses them.
          "ORT_DISABLE_TELEMETRY", "1",
          "OPT_OUT_TRACKING", "true");

  /**
   * @param master {@code spark://…}; null for this process, or what spark-submit was told
   */
  static SparkSettings of(String master, Compute compute) {
    SparkConf conf = new SparkConf();
    if (master != null) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.master", "local[" + compute.processors() + "]");
    conf.setIfMissing("spark.app.name", "Shallows");
    // No server on this machine that nobody has asked for.
    conf.setIfMissing("spark.ui.enabled", "false");
    Matcher local = LOCAL.matcher(conf.get("spark.master"));
    return local.matches() ? here(conf, local.group(1), compute) : cluster(conf, compute);
  }

  /** One job at a time, as wide as Spark was told to be. */
  private static SparkSettings here(SparkConf conf, String cores, Compute compute) {
    Compute width =
        cores == null || cores.equals("*") ? compute : width(compute, Integer.parseInt(cores));
    int processors = cores == null ? 1 : width.processors();
    conf.set("spark.task.cpus", String.valueOf(processors));
    conf.setIfMissing("spark.driver.host", "localhost");
    conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    return new SparkSettings(conf, width(compute, processors));
  }

  /**
   * An executor does one job at a time: LibTorch is not safe where two networks meet their shapes
   * at once in a process. So it is as wide as a job, and a machine has several.
   */
  private static SparkSettings cluster(SparkConf conf, Compute compute) {
    conf.setIfMissing("spark.executor.cores", String.valueOf(Math.max(1, compute.threads())));
    conf.setIfMissing("spark.task.cpus", conf.get("spark.executor.cores"));
    ENVIRONMENT.forEach((name, value) -> conf.setIfMissing("spark.executorEnv." + name, value));
    conf.setIfMissing(
        "spark.executor.extraJavaOptions",
        // What decodes images would else have a thread for each processor of the machine.
        "-XX:ActiveProcessorCount="
            + conf.get("spark.executor.cores")
            + " -XX:+UseSerialGC -Dai.djl.offline=true -Djava.awt.headless=true "
            + StreamWidth.option(Integer.parseInt(conf.get("spark.executor.cores"))));
    jars().ifPresent(jars -> conf.setIfMissing("spark.jars", jars));
    // Ours before those that Spark brings: a job is computed by the libraries it was tested with.
    conf.setIfMissing("spark.executor.userClassPathFirst", "true");
    return new SparkSettings(conf, width(compute, Integer.parseInt(conf.get("spark.task.cpus"))));
  }

  private static Compute width(Compute compute, int threads) {
    return Changes.in(compute, "threads", threads);
  }

  /** All that lie beside the jar of this class; empty where it is in none. */
  private static Optional<String> jars() {
    try {
      Path ours =
          Path.of(SparkSettings.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isRegularFile(ours)) {
        return Optional.empty();
      }
      try (Stream<Path> beside = Files.list(ours.getParent())) {
        return Optional.of(
            beside
                .map(Path::toString)
                .filter(name -> name.endsWith(".jar"))
                .sorted()
                .collect(Collectors.joining(",")));
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the jars to send to the executors are not found", e);
    }
  }
}
