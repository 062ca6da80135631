package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Graph;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

class MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int COUNT = 64;
  private static final int STEPS = 60;
  private static final int WINDOWS = 5;

  /**
   * One value of the network that stays behind in every step is 64·16·6·6 floats, 147 KB, so 8.8 MB
   * a window.
   */
  private static final long ALLOWED_KB = 4_000;

  private final Graph graph = TestImages.network(1);
  private final float[] pixels = Batches.channelsLast(Batches.normal(graph, COUNT, 2));
  private final float[] targets = Batches.targets(graph, COUNT, 3);
  private final boolean[] on = {true, false, true, true, false, true};

  @Test
  void trainingStepsLeaveNothingBehind() throws IOException {
    try (TorchTraining training = new TorchTraining(graph, 1, Compute.cpu(2))) {
      assertFlat(
          () ->
              training.step(
                  new StepInput(pixels, targets, COUNT, Gates.perBatch(on), 0),
                  new StepRates(0.01, Optimizer.of(0.9, 1e-4))));
    }
  }

  @Test
  void evaluationLeavesNothingBehind() throws IOException {
    try (TorchEvaluation evaluation = new TorchEvaluation(graph, Compute.cpu(2))) {
      assertFlat(() -> evaluation.logits(pixels, COUNT));
    }
  }

  private static void assertFlat(Runnable step) throws IOException {
    Assumptions.assumeTrue(Files.exists(STATUS), "resident memory is read from /proc");
    // The heap and the compiler's code grow in bursts, a leak in every window: the least counts.
    long least = Long.MAX_VALUE;
    for (int window = 0; window < WINDOWS; window++) {
      // Starts the next objects where the last ones were, instead of on fresh pages.
      System.gc();
      long before = residentKilobytes();
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
      least = Math.min(least, residentKilobytes() - before);
    }
    assertTrue(least < ALLOWED_KB, "resident memory grew by " + least + " KB in every window");
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
