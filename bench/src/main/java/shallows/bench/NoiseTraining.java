package shallows.bench;

import java.util.Arrays;
import java.util.Random;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.train.engine.Gates;
import shallows.train.engine.StepInput;
import shallows.train.engine.StepRates;
import shallows.train.engine.TorchTraining;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.Optimizer;

/** A network in training on one batch of noise: what a step costs does not depend on the images. */
final class NoiseTraining implements AutoCloseable {
  static final int CLASSES = 10;
  private static final StepRates RATES = new StepRates(0.1, Optimizer.of(0.9, 1e-4));

  private final float[] pixels;
  private final float[] targets;
  private final int count;
  private final TorchTraining training;

  NoiseTraining(Graph graph, Batching batching, int threads) {
    count = batching.batch();
    Random random = new Random(1);
    pixels = new float[count * graph.input().shape().size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    targets = new float[count * CLASSES];
    for (int i = 0; i < count; i++) {
      targets[i * CLASSES + random.nextInt(CLASSES)] = 1;
    }
    training = new TorchTraining(graph, batching, Compute.cpu(threads));
  }

  /** The input of a network for grey squares. */
  static Shape image(int side) {
    return Shape.of(1, side, side);
  }

  static Task task() {
    return Task.unnamed(CLASSES, 1);
  }

  /**
   * One step.
   *
   * @param on block by block, null for all
   * @return its seconds
   */
  double step(boolean[] on) {
    long begin = System.nanoTime();
    training.step(
        new StepInput(pixels, targets, count, on == null ? Gates.SCALED : Gates.perBatch(on), 0),
        RATES);
    return (System.nanoTime() - begin) / 1e9;
  }

  /** The gates of a step with every block on. */
  static boolean[] all(Graph graph) {
    boolean[] on = new boolean[graph.blocks().size()];
    Arrays.fill(on, true);
    return on;
  }

  @Override
  public void close() {
    training.close();
  }
}
