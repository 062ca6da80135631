package shallows.prune.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import shallows.prune.PruneOptions;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Reason;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.Binarization;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.DropCuts;
import shallows.prune.search.Elimination;
import shallows.prune.search.MeasuredNetwork;
import shallows.train.options.Compute;

/** Cuts that go on because fine-tuning left room. The network is not trained: any will do. */
class TunedSearchTest {
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
    List<TunedNetwork> confirmed =
        tuning(new boolean[images.heldOut().size()])
            .asFarAsConfirmed(new DropCuts(elimination), true)
            .networks();
    assertEquals(full.blocks().size(), confirmed.size());
    for (int i = 0; i < confirmed.size(); i++) {
      CutNetwork cut = confirmed.get(i).cut();
      assertEquals(i + 1, cut.count(Decision.DROP));
      int left = full.blocks().size() - i - 1;
      assertEquals(Binarization.half(left), cut.count(Decision.BINARIZE));
      assertEquals(left, confirmed.get(i).network().graph().blocks().size());
      assertEquals(i + 2, cut.way().size());
    }
    CutNetwork end = confirmed.get(confirmed.size() - 1).cut();
    for (String block : end.changedSince(confirmed.get(0).cut())) {
      List<Reason> reasons = end.reasons().get(block);
      assertInstanceOf(Reason.Dropped.class, reasons.get(0));
      assertInstanceOf(Reason.Confirmed.class, reasons.get(reasons.size() - 1));
    }
  }

  @Test
  void endsWithTheFirstThatIsNotConfirmedAndSaysWhatThatLost() {
    Elimination elimination = elimination(1);
    // The first is compared with nothing right, all others with everything right.
    int[] asked = {0};
    Confirmation confirmation =
        new Confirmation(
            graph -> {
              boolean[] right = asked[0] == 1 ? allRight() : new boolean[allRight().length];
              if (asked[0] == 0) {
                Arrays.fill(right, 0, right.length / 2, true);
              }
              asked[0]++;
              return new MeasuredNetwork(graph, new double[right.length], right);
            },
            full,
            BUDGET.maxDrop());
    TunedSearch.Confirmed found =
        tuning(confirmation).asFarAsConfirmed(new DropCuts(elimination), true);
    assertEquals(1, found.networks().size());
    CutNetwork last = found.networks().get(0).cut();
    assertEquals(1, last.count(Decision.DROP));
    assertEquals(
        1,
        last.reasons().values().stream().filter(why -> why.contains(found.end())).count(),
        last.reasons().toString());
    Reason.NotConfirmed end = assertInstanceOf(Reason.NotConfirmed.class, found.end());
    assertEquals(2, end.dropped());
    assertTrue(end.tuned());
    assertEquals(1, end.maxDrop());
  }

  @Test
  void confirmsNothingThatLosesTooMuch() {
    TunedSearch.Confirmed found =
        tuning(allRight()).asFarAsConfirmed(new DropCuts(elimination(1)), true);
    assertEquals(List.of(), found.networks());
  }

  @Test
  void binarizesNothingWhereThatIsNotWanted() {
    List<TunedNetwork> confirmed =
        tuning(new boolean[images.heldOut().size()])
            .asFarAsConfirmed(new DropCuts(elimination(0)), false)
            .networks();
    assertEquals(full.blocks().size() + 1, confirmed.size());
    assertTrue(confirmed.stream().allMatch(tuned -> tuned.cut().count(Decision.BINARIZE) == 0));
  }

  private static boolean[] allRight() {
    boolean[] right = new boolean[images.heldOut().size()];
    Arrays.fill(right, true);
    return right;
  }

  /** With some blocks dropped whatever that costs. */
  private static Elimination elimination(int count) {
    AccuracyMeter choosing = choosing();
    MeasuredNetwork itself = choosing.measureAsItStands(full);
    Elimination elimination =
        new Elimination(itself, itself, choosing, BUDGET, BUDGET.maxDrop(), Map.of());
    elimination.run(
        graph -> graph.blocks().size() <= full.blocks().size() - count, true, Progress.SILENT);
    return elimination;
  }

  /** Compared with a network that gets these images right. */
  private TunedSearch tuning(boolean[] reference) {
    AccuracyMeter heldOut = new AccuracyMeter(images.heldOut(), images.train(), COMPUTE);
    return tuning(
        new Confirmation(
            graph ->
                graph == full
                    ? new MeasuredNetwork(full, new double[reference.length], reference)
                    : heldOut.measureAsItStands(graph),
            full,
            BUDGET.maxDrop()));
  }

  private TunedSearch tuning(Confirmation confirmation) {
    return new TunedSearch(
        full,
        choosing(),
        confirmation,
        BUDGET,
        new PruneOptions(BUDGET, 1, true, 1, COMPUTE)
            .fineTuning(full, images.train(), images.heldOut()),
        folder,
        Progress.SILENT);
  }

  private static AccuracyMeter choosing() {
    return AccuracyMeter.choosing(images.train(), images.heldOut(), COMPUTE);
  }
}
