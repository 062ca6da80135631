package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Precision;
import shallows.model.graph.Tensor;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.GivenPlan;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PlanStep;
import shallows.prune.plan.PrunedNetwork;

/** Prunes a small network that was really trained, on a few hundred real images. */
class PrunerTest {
  private static SmallNetwork small;
  private static Graph full;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    small = SmallNetwork.trained();
    full = small.full();
  }

  @Test
  void dropsABlockThatDoesNothingAndStaysWithinTheBudget() {
    PrunedNetwork pruned = prune(Budget.ofDrop(2), 1);
    assertEquals(Decision.DROP, pruned.plan().decisions().get("stage3/block02"));
    assertTrue(Cost.of(pruned.graph()).bytes() < Cost.of(full).bytes());
  }

  @Test
  void writesThePlanAndTheNetworkThatItDescribes() {
    PrunedNetwork pruned = prune(Budget.ofDrop(2), 1);
    assertEquals(pruned.plan(), Plan.read(folder.resolve("plan.json")));
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
    plan.blocks().forEach(block -> assertFalse(block.reasons().isEmpty(), block.name()));
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
  void carriesOutAPlanThatWasEdited() {
    Plan plan = prune(Budget.ofDrop(0), 0).plan();
    List<GivenPlan.Row> edited = new ArrayList<>();
    for (BlockDecision row : plan.blocks()) {
      edited.add(
          new GivenPlan.Row(
              row.name(),
              switch (row.name()) {
                case "stage3/block01" -> Decision.BINARIZE;
                case "stage3/block02" -> Decision.DROP;
                default -> Decision.KEEP;
              }));
    }
    GivenPlan asked = new GivenPlan(edited, plan.curve(), null);
    PrunedNetwork applied =
        small.pruner(Budget.ofDrop(1), 0, true).apply(asked, folder, Progress.SILENT);
    assertEquals(asked.decisions(), applied.plan().decisions());
    Graph written = OnnxReader.read(folder.resolve("model.onnx"));
    assertEquals(full.blocks().size() - 1, written.blocks().size());
    Block binary = written.block("stage3/block01").orElseThrow();
    assertEquals(Precision.BINARY, written.precision(binary));
    // Without any epoch too, what is written holds two values a channel.
    Tensor weight = written.parameter("stage3/block01/1/conv/weight");
    assertArrayEquals(weight.values(), BinaryWeights.project(weight).values());
  }

  @Test
  void binarizesAShareOfTheWeightsAndDropsNothing() {
    Plan plan =
        small.pruner(Budget.ofDrop(100), 0, true).binarize(0.5, folder, Progress.SILENT).plan();
    assertEquals(0, plan.count(Decision.DROP));
    long all = plan.blocks().stream().mapToLong(BlockDecision::bytes).sum();
    long binary =
        plan.blocks().stream()
            .filter(row -> row.decision() == Decision.BINARIZE)
            .mapToLong(BlockDecision::bytes)
            .sum();
    assertTrue(binary >= all / 2, binary + " of " + all);
    assertTrue(plan.count(Decision.BINARIZE) < full.blocks().size());
  }

  @Test
  void binarizesNothingWhereThatIsNotWanted() {
    Plan plan = small.pruner(Budget.ofDrop(2), 0, false).prune(folder, Progress.SILENT).plan();
    assertEquals(0, plan.count(Decision.BINARIZE));
    assertEquals(Decision.DROP, plan.decisions().get("stage3/block02"));
  }

  @Test
  void refusesAPlanForABlockThatIsNotThere() {
    GivenPlan plan =
        new GivenPlan(List.of(new GivenPlan.Row("stage9/block01", Decision.DROP)), null, null);
    String message =
        assertThrows(
                BadInputException.class,
                () -> small.pruner(Budget.ofDrop(1), 0, true).apply(plan, folder, Progress.SILENT))
            .getMessage();
    assertTrue(message.contains("'stage9/block01'"), message);
  }

  private PrunedNetwork prune(Budget budget, int epochs) {
    return small.pruner(budget, epochs, true).prune(folder, Progress.SILENT);
  }
}
