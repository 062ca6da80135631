package shallows.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Our command in a process of its own, which can be killed. */
final class ChildProcess implements AutoCloseable {
  /** Between two looks at what the child has done. */
  private static final int LOOK_MS = 5;

  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);

  static final int SIGINT = 2;

  private final Process process;
  private final Path output;

  private ChildProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * @param output file for all that the child says
   * @param words the arguments of our command
   */
  static ChildProcess start(Path output, Object... words) throws IOException {
    return start(output, java(words));
  }

  static ChildProcess start(Path output, List<String> command) throws IOException {
    return start(output, Map.of(), command);
  }

  /**
   * @param environment variables that the child has besides those of this process
   */
  static ChildProcess start(Path output, Map<String, String> environment, List<String> command)
      throws IOException {
    return start(output, Path.of(""), environment, command);
  }

  /**
   * @param folder that the child works in
   */
  static ChildProcess start(
      Path output, Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    // As ./shallows does: systems take longer variables than lines.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return new ChildProcess(builder.start(), output);
  }

  /** The line that starts our command with the classes of this test. */
  static List<String> java(Object... words) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                // It lives for seconds: not worth the better compiler.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "shallows.cli.Main"));
    for (Object word : words) {
      command.add(String.valueOf(word));
    }
    return command;
  }

  /** Kills the child, as kill -9 does, as soon as the file is there. */
  void killWhenThereIs(Path file) throws Exception {
    killWhen(() -> Files.exists(file), 0);
  }

  /** Ends the child, as kill does, as soon as the file is there. */
  void stopWhenThereIs(Path file) throws Exception {
    waitFor(file);
    process.destroy();
  }

  /** Ends the child, as Ctrl-C does, as soon as the file is there. */
  void interruptWhenThereIs(Path file) throws Exception {
    waitFor(file);
    interrupt();
  }

  /** Ends the child, as Ctrl-C does. */
  void interrupt() throws Exception {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).inheritIO().start().waitFor();
  }

  void waitUntilItSays(String words) throws Exception {
    await(
        () -> {
          try {
            return said().contains(words);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  void waitFor(Path file) throws Exception {
    await(() -> Files.exists(file));
  }

  /** A process hands on which signals it ignores, and Java leaves those to it. */
  boolean ignoresCtrlC() throws IOException {
    Path status = Path.of("/proc/" + process.pid() + "/status");
    if (!Files.exists(status)) {
      return false;
    }
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst()
            .orElseThrow();
    return (Long.parseUnsignedLong(ignored.split("\\s+")[1], 16) & 1L << SIGINT - 1) != 0;
  }

  /**
   * Kills the child, as kill -9 does.
   *
   * @param reached whether it is far enough
   * @param later how many ms it lives on then
   */
  void killWhen(BooleanSupplier reached, int later) throws Exception {
    await(reached);
    process.waitFor(later, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();
  }

  private void await(BooleanSupplier reached) throws Exception {
    long start = System.nanoTime();
    while (!reached.getAsBoolean()) {
      if (process.waitFor(LOOK_MS, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("ended before it was to be killed: " + said());
      }
      if (System.nanoTime() - start > PATIENCE_NS) {
        throw new TimeoutException("never got there: " + said());
      }
    }
  }

  /** Waits for the end and returns the exit status. */
  int status() throws Exception {
    if (!process.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(said());
    }
    return process.exitValue();
  }

  String said() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
