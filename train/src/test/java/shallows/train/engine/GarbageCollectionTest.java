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
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
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

  /** Masks of dropout, and the matrices that choose the regions of fractional pools. */
  @Test
  void collectingGarbageChangesNeitherMasksNorRegions() throws InterruptedException {
    Task task = new Task(List.of("a", "b", "c"), List.of(0.4f), List.of(0.25f));
    assertUndisturbed(
        Networks.create("fmp-6-4-d0.5", Shape.of(1, 16, 16), task, 1), FakeQuantization.NONE);
  }

  private static void assertUndisturbed(FakeQuantization quantization) throws InterruptedException {
    assertUndisturbed(graph(), quantization);
  }

  private static void assertUndisturbed(Graph graph, FakeQuantization quantization)
      throws InterruptedException {
    float[] undisturbed = train(graph, quantization);
    AtomicBoolean done = new AtomicBoolean();
    Thread collector = new Thread(() -> collectAndOverwrite(done));
    collector.start();
    try {
      assertArrayEquals(undisturbed, train(graph, quantization));
    } finally {
      done.set(true);
      collector.join();
    }
  }

  private static Graph graph() {
    return StraightThroughTest.binary(TestImages.network(1), 2);
  }

  private static float[] train(Graph graph, FakeQuantization quantization) {
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
        // Of one number, and every now and then of as many as a mask has.
        int floats = i % 20 > 0 ? 1 : 1 << i % 13;
        ByteBuffer buffer =
            ByteBuffer.allocateDirect(Float.BYTES * floats).order(ByteOrder.nativeOrder());
        for (int f = 0; f < floats; f++) {
          buffer.putFloat(Float.BYTES * f, Float.NaN);
        }
        buffers.add(buffer);
      }
    }
  }
}
