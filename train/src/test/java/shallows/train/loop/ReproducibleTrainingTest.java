package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A reproducible training ends with the bytes that are written down here, on any processor with
 * AVX2, with any number of threads. Each runs in a process of its own, as kernels are chosen once.
 *
 * <p>Whether it holds on a processor that nobody has tried, nobody knows. There the test is aborted
 * and says which it is, so that it can be reported; with {@code -Dshallows.reproducible=required},
 * as our own checks are run, it fails.
 */
class ReproducibleTrainingTest {
  private static final String REQUIRED = "shallows.reproducible";
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** SHA-256 of all parameters, as big-endian floats in the order of the file. */
  private static final List<String> HASHES =
      List.of(
          "resnet-14-s2 366782842f271518911f5dce895a29198c8dbbc8360106101981612fe3b445f7",
          "wrn-10-1-d0.3-s2 daf053b9ba80d827985c03e2bdf80cf735e797448f3e106bd37744c901ec8285",
          "depthwise 294e93d51df9b1d007d9bb2032834425735f0daa89b9e6cdcdd0d24ae8b4fdd9");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theBytesAreThoseOfEveryOtherProcessor(int threads) throws Exception {
    assumeItCanBe();
    Path output = folder.resolve("output");
    assertEquals(0, run(output, String.valueOf(threads)), () -> said(output));
    List<String> found = Files.readAllLines(output);
    if (!found.equals(HASHES)) {
      String message =
          "on this processor, "
              + processor()
              + ", reproducible trainings end with other bytes: expected "
              + HASHES
              + ", found "
              + found
              + "; please report it";
      if ("required".equals(System.getProperty(REQUIRED))) {
        fail(message);
      }
      System.err.println(message);
      Assumptions.abort(message);
    }
  }

  @Test
  void afterSomethingElseWasComputedItIsRefused() throws Exception {
    assumeItCanBe();
    Path output = folder.resolve("output");
    assertNotEquals(0, run(output, "1", "late"));
    assertTrue(said(output).contains("expected a process that has not computed yet"), said(output));
  }

  private static void assumeItCanBe() {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64") && Files.exists(PROCESSOR),
        "kernels are chosen on x86-64, and the test looks for AVX2 as Linux tells of it");
    Assumptions.assumeTrue(processorSays(" avx2 "), () -> "no AVX2: " + processor());
  }

  /**
   * The status of a process that has none of the variables set. What it says on standard error,
   * where libraries speak too, is in a file beside its output.
   */
  private static int run(Path output, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dai.djl.offline=true");
    command.add(ReproducibleTraining.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors(output).toFile());
    Map<String, String> environment = builder.environment();
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.keySet().removeIf(name -> name.matches("(ONEDNN|DNNL|ATEN|MKL)_.*"));
    return builder.redirectOutput(output.toFile()).start().waitFor();
  }

  private static Path errors(Path output) {
    return output.resolveSibling("errors");
  }

  private static String said(Path output) {
    try {
      return Files.readString(errors(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean processorSays(String flag) {
    return lines().stream().anyMatch(line -> line.startsWith("flags") && line.contains(flag));
  }

  private static String processor() {
    return lines().stream()
        .filter(line -> line.matches("(vendor_id|cpu family|model|model name)\\s*:.*"))
        .limit(4)
        .map(line -> line.replaceAll("\\s+", " "))
        .reduce((first, second) -> first + ", " + second)
        .orElse("unknown");
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(PROCESSOR);
    } catch (IOException e) {
      return List.of();
    }
  }
}
