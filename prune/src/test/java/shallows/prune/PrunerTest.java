package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.graph.Tensor;
import shallows.model.images.DataOptions;
import shallows.model.images.DataSets;
import shallows.model.images.HeldOutSplit;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.model.onnx.OnnxReader;
import shallows.model.onnx.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.train.Compute;
import shallows.train.TrainedNetwork;
import shallows.train.Trainer;
import shallows.train.TrainingOptions;
import shallows.train.statistics.SurvivalStatistics;

/** Prunes a small network that was really trained, on a few hundred real images. */
class PrunerTest {
  private static final Compute COMPUTE = Compute.cpu(0);

  private static LabelledImages train;
  private static LabelledImages heldOut;
  private static Graph full;
  private static SurvivalStatistics statistics;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    LabelledImages images =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
            .train()
            .subset(0, 1000);
    HeldOutSplit split = images.split(0.3, 1);
    train = split.train();
    heldOut = split.heldOut();
    Normalization normalization = Normalization.measure(train);
    Task task = new Task(images.classes(), normalization.mean(), normalization.deviation());
    Graph fresh = Networks.create("resnet-14-s2", Shape.of(1, 28, 28), task, 1);
    TrainedNetwork trained =
        Trainer.train(
            SurvivalSchedule.parse("linear:0.5").applyTo(fresh),
            train,
            heldOut,
            TrainingOptions.standard(1).withEpochs(6),
            COMPUTE,
            Progress.SILENT);
    // A branch that adds nothing: whatever prunes must find it.
    full = withoutEffect(trained.graph(), "stage3/block02");
    statistics = SurvivalStatistics.of(full, trained.steps(), Map.of(), Map.of());
  }

  @Test
  void dropsABlockThatDoesNothingAndStaysWithinTheBudget() {
    PrunedNetwork pruned = prune(Budget.ofDrop(2), 1);
    assertEquals(Decision.DROP, pruned.plan().decisions().get("stage3/block02"));
    assertTrue(pruned.heldOutAccuracy() >= pruned.fullHeldOutAccuracy() - 0.02);
    assertTrue(Cost.of(pruned.graph()).bytes() < Cost.of(full).bytes());
  }

  @Test
  void writesThePlanAndTheNetworkThatItDescribes() {
    PrunedNetwork pruned = prune(Budget.ofDrop(2), 1);
    assertEquals(pruned.plan(), PlanFile.read(folder.resolve("plan.json")));
    Graph written = OnnxReader.read(folder.resolve("model.onnx"));
    long dropped = pruned.plan().count(Decision.DROP);
    assertEquals(full.blocks().size() - dropped, written.blocks().size());
    for (Block block : written.blocks()) {
      boolean binary = pruned.plan().decisions().get(block.name()) == Decision.BINARIZE;
      assertEquals(binary ? Precision.BINARY : Precision.FLOAT, written.precision(block));
    }
    assertFalse(Files.exists(folder.resolve("checkpoint")));
  }

  @Test
  void givesEveryBlockAReasonAndEveryStepAMeasurement() {
    Plan plan = prune(Budget.ofDrop(2), 0).plan();
    assertEquals(
        full.blocks().stream().map(Block::name).toList(),
        plan.blocks().stream().map(BlockDecision::name).toList());
    plan.blocks().forEach(block -> assertNotNull(block.reason()));
    assertEquals(1 + plan.count(Decision.DROP), plan.curve().size());
    List<Long> bytes = plan.curve().stream().map(PlanStep::bytes).toList();
    for (int i = 1; i < bytes.size(); i++) {
      assertTrue(bytes.get(i) < bytes.get(i - 1));
    }
  }

  @Test
  void endsWithTheSameBytesForTheSameSeed() {
    byte[] once = OnnxWriter.bytes(prune(Budget.ofDrop(2), 1).graph());
    assertArrayEquals(once, OnnxWriter.bytes(prune(Budget.ofDrop(2), 1).graph()));
  }

  @Test
  void reachesASizeThatWasAskedForAndNoLess() {
    long limit = Cost.of(full).bytes() / 2;
    Budget budget = new Budget(100, OptionalLong.of(limit), OptionalLong.empty());
    PrunedNetwork pruned = prune(budget, 0);
    assertTrue(Cost.of(pruned.graph()).bytes() <= limit);
    List<PlanStep> curve = pruned.plan().curve();
    assertTrue(curve.get(curve.size() - 2).bytes() > limit);
  }

  @Test
  void saysHowNearItCameToASizeOutOfReach() {
    Budget budget = new Budget(100, OptionalLong.of(10), OptionalLong.empty());
    String message = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(message.startsWith("the budget (at most 10 bytes) cannot be met"), message);
    assertFalse(Files.exists(folder.resolve("model.onnx")));
  }

  @Test
  void saysThatTheSizeCostsMoreAccuracyThanAllowed() {
    // A fifth of the bytes and no image lost: small enough can be had, good enough cannot.
    long limit = Cost.of(full).bytes() / 5;
    Budget budget = new Budget(0, OptionalLong.of(limit), OptionalLong.empty());
    String message = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(message.contains("% of the held-out images right"), message);
    assertTrue(message.contains("--max-drop 0.00"), message);
  }

  private PrunedNetwork prune(Budget budget, int epochs) {
    PruneOptions options = new PruneOptions(budget, epochs, 1, COMPUTE);
    return new Pruner(full, statistics, train, heldOut, options).prune(folder, Progress.SILENT);
  }

  private static Graph withoutEffect(Graph graph, String block) {
    Map<String, Tensor> zeros = new HashMap<>();
    for (String parameter : List.of("/2/norm/scale", "/2/norm/bias")) {
      Tensor trained = graph.parameter(block + parameter);
      zeros.put(block + parameter, new Tensor(trained.shape(), new float[trained.size()]));
    }
    return graph.withParameters(zeros);
  }
}
