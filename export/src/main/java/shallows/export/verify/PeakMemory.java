package shallows.export.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import shallows.export.runtime.OnnxRuntime;
import shallows.export.runtime.RuntimeClassifier;
import shallows.model.BadInputException;

/**
 * How much memory it takes to load a model file and run one image: what a process of its own has
 * resident at its highest, less what its Java had before. The runtime's library is in it, as it is
 * in every program that runs the file.
 */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";
  private static final String HIGHEST = "VmHWM:";
  private static final long BYTES_PER_UNIT = 1024;

  /** Loading takes a second; a file that takes minutes has shown what it is. */
  private static final int MOST_SECONDS = 120;

  private PeakMemory() {}

  /**
   * @return bytes; empty where the system does not tell, which only Linux does, or the file does
   *     not run
   */
  static OptionalLong of(Path file) {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            same("user.home"),
            same("java.io.tmpdir"),
            PeakMemory.class.getName(),
            file.toAbsolutePath().toString());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    // Systems take longer variables than lines.
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    // Here already, so that the child need not load what sets it.
    builder.environment().put(OnnxRuntime.NO_TELEMETRY, OnnxRuntime.YES);
    // As the system's allocator is set anywhere, not as this program is, by what it was given.
    builder.environment().keySet().removeIf(PeakMemory::setsTheAllocator);
    Process process = null;
    try {
      process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        return OptionalLong.empty();
      }
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return OptionalLong.of(Long.parseLong(said));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static boolean setsTheAllocator(String variable) {
    return variable.startsWith("MALLOC_") || variable.equals("GLIBC_TUNABLES");
  }

  private static String same(String property) {
    return "-D" + property + "=" + System.getProperty(property);
  }

  /**
   * What the other process does.
   *
   * @param arguments the file
   */
  public static void main(String[] arguments) throws IOException {
    long before = status(RESIDENT);
    try (RuntimeClassifier classifier = RuntimeClassifier.open(Path.of(arguments[0]), 1)) {
      classifier.logits(new float[classifier.image().size()], 1);
    } catch (BadInputException e) {
      // Whoever asked has opened the file before, and says what is wrong with it.
      return;
    }
    System.out.println(status(HIGHEST) - before);
  }

  private static long status(String field) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * BYTES_PER_UNIT;
      }
    }
    throw new IOException("no " + field + " in " + STATUS);
  }
}
