package shallows.train.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import shallows.data.DataOptions;
import shallows.data.HeldOutSplit;
import shallows.data.PixelStatistics;
import shallows.data.sets.DataSets;
import shallows.model.graph.Graph;
import shallows.model.graph.GraphBuilder;
import shallows.model.graph.Normalization;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.SurvivalSchedule;
import shallows.model.progress.Progress;
import shallows.train.loop.TrainedNetwork;
import shallows.train.loop.Trainee;
import shallows.train.loop.Trainer;
import shallows.train.options.Batching;
import shallows.train.options.Compute;
import shallows.train.options.StochasticDepth;
import shallows.train.options.TrainingOptions;

/** A real training, of a network two of whose six blocks can do nothing: their branch ends in 0. */
class LearnedSurvivalTrainingTest {
  private static final int SIDE = 12;
  private static final int BATCH = 32;
  private static final int EPOCHS = 10;

  /** The blocks, counted from 1, that are useless by construction. */
  private static final Set<Integer> USELESS = Set.of(2, 5);

  private static final SurvivalSchedule SCHEDULE = SurvivalSchedule.parse("learned:0.025");

  @Test
  void drivesExactlyTheUselessBlocksDown() {
    HeldOutSplit split =
        DataSets.open("fashion-mnist-mini", DataOptions.ofSeed(1), Progress.SILENT)
            .train()
            .resized(SIDE, SIDE)
            .split(0.5, 1);
    Normalization pixels = PixelStatistics.normalization(split.train());
    Task task = new Task(split.train().classes(), pixels);
    TrainedNetwork trained =
        Trainer.train(
            Trainee.of(SCHEDULE.applyTo(network(task)), StochasticDepth.of(SCHEDULE)),
            new HeldOutSplit(split.train(), split.heldOut().subset(0, 500)),
            TrainingOptions.standard(3).withEpochs(EPOCHS).withBatching(Batching.inParts(BATCH)),
            // One part a batch, and images too small to share an operation among threads.
            Compute.cpu(1),
            Progress.SILENT);
    Graph graph = trained.graph();
    for (int b = 1; b <= graph.blocks().size(); b++) {
      float survival = graph.survival(graph.blocks().get(b - 1));
      // An estimate over 1,000 steps of a loss with a deviation of 0.14 from batch to batch has an
      // error of 0.14 / sqrt(1000·0.16) = 0.011, so a useless block is 2.3 errors below its price,
      // and the 8 updates move it by about -0.35·tanh(1.1) = -0.28 each. Batches and gates are
      // those
      // of the seed, so that kernels change little: under three sets of them useless blocks ended
      // at
      // 0.14 to 0.23, no two sets further apart than 0.04, and useful ones at the bound of 0.95.
      assertEquals(USELESS.contains(b), survival < 0.5, "block " + b + ": " + trained.survival());
    }
    List<SurvivalUpdate> updates = trained.survival();
    assertEquals(0, updates.get(0).step());
    assertEquals(800, updates.get(1).step());
    assertTrue(updates.size() > 7, updates.toString());
    for (int b = 0; b < 6; b++) {
      assertEquals(
          graph.survival(graph.blocks().get(b)), updates.get(updates.size() - 1).survival().get(b));
    }
  }

  private static Graph network(Task task) {
    GraphBuilder builder = new GraphBuilder("six", Shape.of(1, SIDE, SIDE), task, 4);
    String x = convNormRelu(builder, "stem", builder.image(), 8, 2);
    for (int b = 1; b <= 6; b++) {
      String name = "block" + b;
      String branch = convNormRelu(builder, name + "/1", x, 8, 1);
      branch = builder.conv(name + "/2/conv", branch, 8, 3, Operation.Conv2d.of(1, 1));
      branch = builder.batchNorm(name + "/2/norm", branch);
      if (USELESS.contains(b)) {
        branch = builder.add(name + "/nothing", new Operation.Scale(0), branch);
      }
      x = builder.add(name + "/relu", new Operation.Relu(), builder.residual(name, x, branch));
    }
    x = builder.add("pool", new Operation.GlobalAveragePool(), x);
    x = builder.add("flatten", new Operation.Flatten(), x);
    return builder.build(builder.linear("classifier", x, task.labels().size()));
  }

  private static String convNormRelu(
      GraphBuilder builder, String name, String x, int channels, int stride) {
    String convolved = builder.conv(name + "/conv", x, channels, 3, Operation.Conv2d.of(stride, 1));
    String normalized = builder.batchNorm(name + "/norm", convolved);
    return builder.add(name + "/relu", new Operation.Relu(), normalized);
  }
}
