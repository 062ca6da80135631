package shallows.train.engine;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.train.TestImages;
import shallows.train.options.Compute;
import shallows.train.options.LayerRates;
import shallows.train.options.Optimizer;

/** The steps that {@link TransfersTest} watches, in a process of their own. */
final class WatchedSteps {
  static final int STEPS = 4;
  static final int PARTS = 2;
  private static final int COUNT = 8;
  private static final StepRates RATES =
      new StepRates(0.01, new Optimizer(0.9, 1e-4, Optimizer.OffBlocks.REST, 2));

  private WatchedSteps() {}

  /**
   * @param arguments the network; {@code per-batch} or {@code per-sample}; how many replicas; the
   *     numbers of blocks to train with binary weights
   */
  public static void main(String[] arguments) {
    Shape image = Shape.of(1, TestImages.SIDE, TestImages.SIDE);
    Graph graph =
        SurvivalSchedule.parse("linear:0.5")
            .applyTo(Networks.create(arguments[0], image, Task.unnamed(3, 1), 1));
    int blocks = graph.blocks().size();
    for (int b = 3; b < arguments.length; b++) {
      graph = StraightThroughTest.binary(graph, Integer.parseInt(arguments[b]));
    }
    List<StepInput> inputs = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      inputs.add(
          new StepInput(
              Batches.channelsLast(Batches.normal(graph, COUNT, step)),
              Batches.targets(graph, COUNT, step),
              COUNT,
              gates(arguments[1], blocks, step),
              step));
    }
    List<Device> devices = Collections.nCopies(Integer.parseInt(arguments[2]), Device.cpu());
    try (TorchTraining training =
        new TorchTraining(
            graph, Numbers.FLOATS, LayerRates.ALIKE, PARTS, 1, Compute.cpu(2), devices)) {
      try (StepsInFlight steps = training.load(inputs, true)) {
        for (int step = 0; step < STEPS; step++) {
          training.step(steps, RATES);
          training.average(0.9);
        }
        if (steps.outcomes().size() != STEPS) {
          throw new IllegalStateException("the steps were not done");
        }
      }
    }
  }

  private static Gates gates(String kind, int blocks, int step) {
    boolean[] on = new boolean[blocks];
    boolean[][] kept = new boolean[blocks][COUNT];
    for (int b = 0; b < blocks; b++) {
      on[b] = (b + step) % 3 > 0;
      for (int i = 0; i < COUNT; i++) {
        kept[b][i] = (b + step + i) % 3 > 0;
      }
    }
    return kind.equals("per-sample") ? Gates.perSample(kept) : Gates.perBatch(on);
  }
}
