package shallows.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --reproducible}, in processes of their own, as kernels are chosen once in each. */
@Tag("trains")
class ReproducibleRunTest {
  /** What makes LibTorch compute as on other processors, were it not for the option. */
  private static final Map<String, String> OLD_PROCESSOR =
      Map.of("ONEDNN_MAX_CPU_ISA", "SSE41", "ATEN_CPU_CAPABILITY", "default");

  @TempDir Path folder;

  @Test
  void aRunAndItsPruningDoNotDependOnTheProcessor() throws Exception {
    Assumptions.assumeTrue(
        System.getProperty("os.arch").equals("amd64") && avx2(), "needs x86-64 with AVX2");
    Path here = trained("here", Map.of(), 1);
    Path elsewhere = trained("elsewhere", OLD_PROCESSOR, 2);
    assertSame(here, elsewhere, "train/model.onnx");
    assertTrue(
        Files.readString(here.resolve("run.json")).contains("\"reproducible\": true"),
        "what the run was begun with is kept");
    // Without a word, since the run was begun so.
    for (Path run : new Path[] {here, elsewhere}) {
      succeed(Map.of(), "prune", run, "--fine-tune-epochs", 1, "--quiet");
    }
    assertSame(here, elsewhere, "prune/model.onnx");
  }

  @Test
  void onAGpuItIsRefusedAndLeavesNoFolder() {
    Path out = folder.resolve("run");
    String line =
        CommandLineSession.refusal("train", "--reproducible", "--device", "cuda:0", "--out", out);
    assertTrue(line.contains("--device with --reproducible: "), line);
    String mixed =
        CommandLineSession.refusal(
            "train", "--reproducible", "--mixed-precision", "bf16", "--out", out);
    assertTrue(mixed.contains("--mixed-precision: expected none where"), mixed);
    assertFalse(Files.exists(out), line);
  }

  private Path trained(String name, Map<String, String> environment, int threads) throws Exception {
    Path run = folder.resolve(name);
    succeed(
        environment,
        "train",
        "--network",
        "resnet-8-s2",
        "--epochs",
        1,
        "--train-images",
        200,
        "--threads",
        threads,
        "--reproducible",
        "--out",
        run,
        "--quiet");
    return run;
  }

  private void succeed(Map<String, String> environment, Object... words) throws Exception {
    try (ChildProcess child =
        ChildProcess.start(folder.resolve("output"), environment, ChildProcess.java(words))) {
      assertEquals(0, child.status(), child.said());
    }
  }

  private static void assertSame(Path here, Path elsewhere, String file) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(here.resolve(file)), Files.readAllBytes(elsewhere.resolve(file)), file);
  }

  private static boolean avx2() throws IOException {
    Path processor = Path.of("/proc/cpuinfo");
    return Files.exists(processor) && Files.readString(processor).contains(" avx2 ");
  }
}
