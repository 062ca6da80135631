package shallows.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import shallows.train.jobs.JobRunner;
import shallows.train.options.Compute;

/**
 * A master and two workers of two cores, processes of Spark's own classes on this machine alone.
 */
final class StandaloneCluster {
  /** Built by Maven before the tests: what goes to a cluster, and Spark's own class path. */
  static final Path JARS = Path.of(System.getProperty("shallows.spark.jars"));

  private static final Path CLASS_PATH = Path.of(System.getProperty("shallows.spark.classpath"));

  /** Ours; what is left of the jars Spark needs too. */
  private static final String NOT_SPARKS = "(shallows|pytorch|api|slf4j-nop|onnxruntime)-?.*";

  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
  private static final int LOOK_MS = 20;
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(10);

  private final Path home;
  private final int port;
  private final List<Process> processes = new ArrayList<>();

  /** That of this process. */
  private static StandaloneCluster shared;

  /** The one that all tests of a process share, as it takes seconds to start; it ends with it. */
  static synchronized StandaloneCluster shared() throws Exception {
    if (shared == null) {
      shared = new StandaloneCluster(Files.createTempDirectory("shallows-cluster"));
      Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
    }
    return shared;
  }

  private StandaloneCluster(Path home) throws Exception {
    this.home = home;
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String jar : sparksClassPath().split(":")) {
      link(jars, Path.of(jar));
    }
    try (Stream<Path> all = Files.list(JARS)) {
      for (Path jar : all.toList()) {
        if (!jar.getFileName().toString().matches(NOT_SPARKS)) {
          link(jars, jar);
        }
      }
    }
    try (ServerSocket any = new ServerSocket(0)) {
      port = any.getLocalPort();
    }
    start("org.apache.spark.deploy.master.Master", "--host", "localhost", "--port", "" + port);
    await(this::answers);
    for (int i = 0; i < 2; i++) {
      Path work = home.resolve("worker" + i);
      start(
          "org.apache.spark.deploy.worker.Worker",
          "--host",
          "localhost",
          "--cores",
          "2",
          "--memory",
          "2g",
          "--work-dir",
          work.toString(),
          master());
    }
  }

  static String sparksClassPath() throws IOException {
    return Files.readString(CLASS_PATH).strip();
  }

  private static void link(Path folder, Path jar) throws IOException {
    Files.createSymbolicLink(folder.resolve(jar.getFileName()), jar);
  }

  private void start(String type, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                home.resolve("jars") + "/*",
                type,
                "--webui-port",
                "0"));
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("said" + processes.size() + ".txt").toFile());
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("SPARK_LOCAL_HOSTNAME", "localhost");
    processes.add(builder.start());
  }

  private boolean answers() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("localhost", port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  String master() {
    return "spark://localhost:" + port;
  }

  static Stream<String> jars(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(Path::toString).filter(name -> name.endsWith(".jar")).toList().stream();
    }
  }

  /** The jars with another version in that of the pipeline. */
  static String olderJars(Path folder) throws IOException {
    List<String> all = new ArrayList<>(jars(JARS).toList());
    Path ours =
        Path.of(
            all.stream()
                .filter(jar -> jar.contains("shallows-pipeline"))
                .findFirst()
                .orElseThrow());
    Path older = Files.copy(ours, folder.resolve(ours.getFileName()));
    try (FileSystem jar = FileSystems.newFileSystem(older)) {
      Path versions = jar.getPath("shallows/pipeline/versions.properties");
      Files.writeString(
          versions, Files.readString(versions).replaceAll("shallows=.*", "shallows=older"));
    }
    all.remove(ours.toString());
    all.add(older.toString());
    return String.join(",", all);
  }

  /** Jobs from this process. */
  JobRunner runner(Map<String, String> settings, Consumer<String> remark) throws IOException {
    Map<String, String> all = new HashMap<>(settings);
    all.putIfAbsent("spark.jars", jars(JARS).collect(Collectors.joining(",")));
    all.put("spark.executor.memory", "512m");
    // They live for seconds: not worth the better compiler.
    all.put(
        "spark.executor.extraJavaOptions",
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dai.djl.offline=true");
    all.put("spark.driver.host", "localhost");
    all.put("spark.driver.bindAddress", "127.0.0.1");
    return Lists.spark(master(), all, Compute.cpu(1), remark);
  }

  /** A command in a process of its own on one core, as spark-submit starts it. */
  Process submit(Path said, List<String> words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(word -> word.startsWith("--add-opens"))
            .toList());
    command.addAll(
        List.of(
            "-cp",
            JARS + "/*:" + sparksClassPath(),
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            master(),
            "--class",
            "shallows.cli.Main",
            "--conf",
            "spark.executor.memory=512m",
            "--conf",
            "spark.cores.max=1",
            "--jars",
            jars(JARS).collect(Collectors.joining(",")),
            JARS.resolve("shallows-spark.jar").toString()));
    command.addAll(words);
    command.addAll(List.of("--on", "spark"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(said.toFile())
        .start();
  }

  /** The processes that do jobs at the moment. */
  List<ProcessHandle> executors() {
    return processes.stream()
        .flatMap(Process::descendants)
        .filter(
            process ->
                process.info().commandLine().filter(line -> line.contains(EXECUTOR)).isPresent())
        .toList();
  }

  /** Looks until something is so. */
  void await(BooleanSupplier reached) throws Exception {
    long begin = System.nanoTime();
    while (!reached.getAsBoolean()) {
      if (processes.get(0).waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the master has ended");
      }
      if (System.nanoTime() - begin > PATIENCE_NS) {
        throw new TimeoutException("never got there");
      }
    }
  }

  private void close() {
    for (Process process : processes) {
      List<ProcessHandle> below = process.descendants().toList();
      process.destroyForcibly().onExit().join();
      below.forEach(executor -> executor.destroyForcibly());
      below.forEach(executor -> executor.onExit().join());
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
