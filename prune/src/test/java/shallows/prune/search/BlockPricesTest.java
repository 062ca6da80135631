package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.PruneOptions;
import shallows.prune.Pruner;
import shallows.prune.SmallNetwork;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.train.options.Compute;

/** Others who are as able as this process, and are given every block alone. */
class BlockPricesTest implements BlockPrices {
  private static final SmallNetwork SMALL = SmallNetwork.trained();

  @TempDir private Path folder;
  private final AccuracyMeter meter =
      AccuracyMeter.choosing(SMALL.train(), SMALL.heldOut(), Compute.cpu(1));
  private final List<Decision> asked = new ArrayList<>();

  @Override
  public Optional<List<Answers>> ofCuts(Graph current, List<Block> blocks, Decision decision) {
    asked.add(decision);
    return Optional.of(
        blocks.stream()
            .map(block -> meter.measureCuts(current, List.of(block), decision).get(0))
            .map(cut -> new Answers(cut.losses(), cut.right()))
            .toList());
  }

  @Override
  public Optional<List<FormPrice>> ofForms(
      Graph original,
      Graph current,
      Map<String, Form> forms,
      Set<String> blocks,
      Set<Decision> menu) {
    return Optional.empty();
  }

  private Pruner pruner(Budget budget, Optional<BlockPrices> others) {
    PruneOptions options = SMALL.options(budget, 0, true);
    return new Pruner(
        SMALL.full(),
        SMALL.full(),
        SMALL.statistics(),
        SMALL.train(),
        SMALL.heldOut(),
        options,
        others);
  }

  private void assertSameFiles(Path here, Path there) throws IOException {
    for (String file : List.of("plan.json", "model.onnx")) {
      assertArrayEquals(
          Files.readAllBytes(here.resolve(file)), Files.readAllBytes(there.resolve(file)), file);
    }
  }

  /** More than one drop, each from a network whose statistics were re-estimated after the last. */
  @Test
  void dropsByOthersAreTheSameBytes() throws IOException {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = Files.createDirectory(folder.resolve("there"));
    Budget budget = Budget.ofDrop(100);
    pruner(budget, Optional.empty()).prune(here, Progress.SILENT);

    long dropped =
        pruner(budget, Optional.of(this)).prune(there, Progress.SILENT).plan().count(Decision.DROP);

    assertTrue(dropped > 1, () -> "dropped " + dropped);
    assertTrue(asked.size() >= dropped, asked::toString);
    assertEquals(Set.of(Decision.DROP), Set.copyOf(asked));
    assertSameFiles(here, there);
  }

  @Test
  void binaryBlocksByOthersAreTheSameBytes() throws IOException {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path there = Files.createDirectory(folder.resolve("there"));
    Budget budget = Budget.ofDrop(100);
    pruner(budget, Optional.empty()).binarize(0.5, here, Progress.SILENT);

    pruner(budget, Optional.of(this)).binarize(0.5, there, Progress.SILENT);

    assertEquals(List.of(Decision.BINARIZE), asked);
    assertSameFiles(here, there);
  }
}
