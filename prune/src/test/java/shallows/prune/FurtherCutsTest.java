package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.data.DataOptions;
import shallows.data.HeldOutSplit;
import shallows.data.LabelledImages;
import shallows.data.PixelStatistics;
import shallows.data.sets.DataSets;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;
import shallows.train.loop.Trainer;
import shallows.train.options.Compute;

/** Cuts that go on because fine-tuning left room. The network is not trained: any will do. */
class FurtherCutsTest {
  private static final Compute COMPUTE = Compute.cpu(1);
  private static final Budget BUDGET = Budget.ofDrop(1);

  private static HeldOutSplit images;
  private static Graph full;

  @TempDir Path folder;

  @BeforeAll
  static void makeNetwork() {
    LabelledImages some =
        DataSets.open(DataSets.FASHION_MNIST_MINI, DataOptions.ofSeed(1), Progress.SILENT)
            .train()
            .subset(0, 300);
    images = some.split(0.5, 1);
    Normalization normalization = PixelStatistics.normalization(some);
    Task task = new Task(some.classes(), normalization);
    full = Networks.create("resnet-14-s2", Shape.of(1, 28, 28), task, 1);
  }

  @Test
  void cutsOnUntilNothingIsLeftWhereAnythingMayBeLost() {
    Elimination elimination = elimination(1);
    // Nothing that a network gets wrong counts against it: the reference gets everything wrong.
    CutTuning tuning = tuning(new boolean[images.heldOut().size()]);
    TunedCut start = tuning.tuned(elimination.whenStuck());
    TunedCut end = tuning.further(start, elimination, true);
    assertEquals(full.blocks().size(), end.cut().decisions().size());
    assertTrue(end.cut().decisions().values().stream().allMatch(d -> d == Decision.DROP));
    assertEquals(0, end.network().graph().blocks().size());
    assertEquals(end.cut().decisions().size() + 1, end.cut().curve().size());
    for (String block : end.cut().droppedBeyond(start.cut())) {
      String reason = end.cut().reasons().get(block);
      assertTrue(reason.contains("to go: ") && reason.contains("; fine-tuned accuracy"), reason);
    }
  }

  @Test
  void staysAtTheLastCutThatWasGoodEnoughAndSaysWhatTheNextOneLost() throws IOException {
    Elimination elimination = elimination(1);
    TunedCut start = tuning(new boolean[images.heldOut().size()]).tuned(elimination.whenStuck());
    String history = Files.readString(folder.resolve(Trainer.HISTORY));
    // As good as its reference, which has room; whatever comes after it is compared with it.
    CutTuning tuning = tuning(allRight());
    TunedCut praised =
        new TunedCut(
            start.cut(),
            new Measurement(start.network().graph(), new double[allRight().length], allRight()));
    TunedCut end = tuning.further(praised, elimination, true);
    assertEquals(start.cut().decisions(), end.cut().decisions());
    assertEquals(praised.network(), end.network());
    assertEquals(history, Files.readString(folder.resolve(Trainer.HISTORY)));
    List<String> more =
        end.cut().reasons().values().stream()
            .filter(
                reason -> reason.contains("with 2 blocks dropped, this one too, and fine-tuned"))
            .toList();
    assertEquals(1, more.size(), end.cut().reasons().toString());
    assertTrue(more.get(0).endsWith("with 90 % confidence, where 1.00 may be lost"), more.get(0));
  }

  @Test
  void triesNothingWhereThereIsNoRoom() {
    Elimination elimination = elimination(1);
    CutTuning tuning = tuning(allRight());
    TunedCut start = tuning.tuned(elimination.whenStuck());
    assertEquals(start, tuning.further(start, elimination, true));
    assertEquals(1, elimination.size());
  }

  @Test
  void binarizesNothingWhereThatIsNotWanted() {
    Elimination elimination = elimination(0);
    CutTuning tuning = tuning(new boolean[images.heldOut().size()]);
    TunedCut end = tuning.further(tuning.tuned(elimination.whenStuck()), elimination, false);
    assertFalse(end.cut().decisions().containsValue(Decision.BINARIZE));
  }

  private static boolean[] allRight() {
    boolean[] right = new boolean[images.heldOut().size()];
    Arrays.fill(right, true);
    return right;
  }

  /** With some blocks dropped whatever that costs. */
  private static Elimination elimination(int count) {
    HeldOut heldOut = heldOut();
    Elimination elimination =
        new Elimination(
            heldOut.measureAsItStands(full),
            acceptance(new boolean[images.heldOut().size()]),
            heldOut,
            BUDGET,
            Map.of());
    elimination.run(
        graph -> graph.blocks().size() <= full.blocks().size() - count, true, Progress.SILENT);
    return elimination;
  }

  private CutTuning tuning(boolean[] reference) {
    return new CutTuning(
        full,
        heldOut(),
        BUDGET,
        acceptance(reference),
        new PruneOptions(BUDGET, 1, true, 1, COMPUTE)
            .fineTuning(full, images.train(), images.heldOut()),
        folder,
        Progress.SILENT);
  }

  private static Acceptance acceptance(boolean[] reference) {
    return new Acceptance(
        new Measurement(full, new double[reference.length], reference), BUDGET.maxDrop(), true);
  }

  private static HeldOut heldOut() {
    return new HeldOut(images.heldOut(), images.train(), COMPUTE);
  }
}
