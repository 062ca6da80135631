package shallows.train.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.train.TestImages;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
import shallows.train.options.Optimizer;

/**
 * Torch reads some of its numbers in Java's direct buffers. One that is collected between the
 * forward and the backward pass leaves a gradient of whatever comes to lie there, and nothing else
 * tells.
 */
class GarbageCollectionTest {
  private static final int COUNT = 8;
  private static final int STEPS = 25;
  private static final int BUFFERS = 2000;

  @Test
  void collectingGarbageChangesNoStep() throws InterruptedException {
    assertUndisturbed(FakeQuantization.NONE);
  }

  @Test
  void collectingGarbageChangesNoRounding() throws InterruptedException {
    Graph graph = graph();
    Map<String, FakeQuantization.Levels> levels = new HashMap<>();
    // Narrow, so that gradients end at both bounds.
    graph
        .nodes()
        .forEach(node -> levels.put(node.name(), new FakeQuantization.Levels(0.02f, -64, 64)));
    assertUndisturbed(new FakeQuantization(levels, Map.of()));
  }

  private static void assertUndisturbed(FakeQuantization quantization) throws InterruptedException {
    float[] undisturbed = train(quantization);
    AtomicBoolean done = new AtomicBoolean();
    Thread collector = new Thread(() -> collectAndOverwrite(done));
    collector.start();
    try {
      assertArrayEquals(undisturbed, train(quantization));
    } finally {
      done.set(true);
      collector.join();
    }
  }

  private static Graph graph() {
    return StraightThroughTest.binary(TestImages.network(1), 2);
  }

  private static float[] train(FakeQuantization quantization) {
    Graph graph = graph();
    float[] pixels = Batches.channelsLast(Batches.normal(graph, COUNT, 2));
    float[] targets = Batches.targets(graph, COUNT, 3);
    try (TorchTraining training =
        new TorchTraining(
            graph, quantization, LayerRates.ALIKE, Batching.whole(COUNT), Compute.cpu(1))) {
      float[] logits = null;
      for (int step = 0; step < STEPS; step++) {
        logits =
            training.step(
                new StepInput(pixels, targets, COUNT, Gates.SCALED, 0),
                new StepRates(0.01, Optimizer.of(0.9, 0)));
      }
      return logits;
    }
  }

  /** Frees buffers that nobody holds and fills the memory they had with something else. */
  private static void collectAndOverwrite(AtomicBoolean done) {
    while (!done.get()) {
      System.gc();
      List<ByteBuffer> buffers = new ArrayList<>();
      for (int i = 0; i < BUFFERS; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        buffers.add(buffer.putFloat(0, Float.NaN));
      }
    }
  }
}
