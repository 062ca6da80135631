package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.write.OnnxWriter;
import shallows.model.progress.Progress;
import shallows.prune.form.PlanApplication;
import shallows.prune.form.Refit;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.prune.plan.GivenPlan;
import shallows.prune.plan.Plan;
import shallows.prune.plan.Reason;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.FormImages;
import shallows.train.loop.Distillation;
import shallows.train.options.TrainingOptions;

/** Depth, width and bits in one plan: blocks that are narrow and have one bit a weight. */
class NarrowBinaryTest {
  private static final SmallNetwork SMALL = SmallNetwork.trained().withTrainImages(150);
  private static final Graph FULL = SMALL.full();
  private static final String BOTH = "stage2/block02";
  private static final String NARROW = "stage1/block02";

  @TempDir Path folder;

  @Test
  void aPlanMakesABlockNarrowAndThenBinary() {
    Plan plan = tuned(Budget.ofDrop(100)).apply(given(), folder, Progress.SILENT).plan();
    assertEquals(0.5, row(plan, BOTH).width());
    assertEquals(Decision.BINARIZE, row(plan, BOTH).decision());
    assertNull(row(plan, "stage3/block01").width());
    assertTrue(plan.inWords().contains("2 binarized (1 of them narrowed), 1 narrowed"));
    Graph pruned = OnnxReader.read(folder.resolve("model.onnx"));
    assertEquals(Set.of(Precision.BINARY), precisions(pruned, BOTH));
    assertEquals(Set.of(Precision.FLOAT), precisions(pruned, NARROW));
    // Half of the channels between its two convolutions, one bit of 32 of each weight.
    Cost before = Cost.of(FULL, block(FULL, BOTH));
    Cost after = Cost.of(pruned, block(pruned, BOTH));
    assertEquals(before.macs() / 2, after.macs());
    assertTrue(after.bytes() < before.bytes() / 20, after + " of " + before);
  }

  @Test
  void whatIsFittedIsWhatWouldBeFittedInFullPrecision() {
    Map<String, Form> narrow = new HashMap<>(given().forms());
    narrow.replaceAll((block, form) -> form.fitted());
    assertEquals(Form.narrow(0.5), narrow.get(BOTH));
    assertEquals(Form.KEEP, narrow.get("stage3/block01"));
    Refit refit = new Refit(FULL, FormImages.of(SMALL.train()).fitting(), SmallNetwork.COMPUTE);
    assertArrayEquals(
        OnnxWriter.bytes(refit.apply(narrow, Progress.SILENT)),
        OnnxWriter.bytes(refit.apply(given().forms(), Progress.SILENT)));
  }

  @Test
  void appliedTwiceItIsThePlanAppliedOnce() {
    Refit refit = new Refit(FULL, FormImages.of(SMALL.train()).fitting(), SmallNetwork.COMPUTE);
    Graph once = made(refit, given());
    Refit again = new Refit(once, FormImages.of(SMALL.train()).fitting(), SmallNetwork.COMPUTE);
    assertArrayEquals(OnnxWriter.bytes(once), OnnxWriter.bytes(made(again, given())));
  }

  private static Graph made(Refit refit, GivenPlan plan) {
    return PlanApplication.apply(refit.apply(plan.forms(), Progress.SILENT), plan.decisions());
  }

  @Test
  void aSizeThatNeitherReachesIsReachedByBoth() {
    Map<String, Form> smallest = new HashMap<>();
    FULL.blocks().forEach(block -> smallest.put(block.name(), Form.narrow(0.25)));
    Refit refit = new Refit(FULL, FormImages.of(SMALL.train()).fitting(), SmallNetwork.COMPUTE);
    long narrowest = Cost.of(refit.apply(smallest, Progress.SILENT)).bytes();
    long limit = Math.min(narrowest, halfBinary()) * 9 / 10;
    Budget budget = Budget.ofDrop(100).withMaxBytes(limit);
    Plan plan = tuned(budget).prune(folder, Progress.SILENT).plan();
    assertTrue(plan.summary().bytes() <= limit);
    long binary = plan.count(Decision.BINARIZE);
    assertTrue(binary > 0 && binary <= (FULL.blocks().size() + 1) / 2, plan.inWords());
    List<BlockDecision> both =
        plan.blocks().stream()
            .filter(row -> row.decision() == Decision.BINARIZE && row.width() != null)
            .toList();
    assertTrue(plan.blocks().stream().anyMatch(row -> row.width() != null), plan.inWords());
    for (BlockDecision row : both) {
      assertEquals(
          List.of(Reason.Formed.class, Reason.Binarized.class),
          row.reasons().stream().map(Reason::getClass).distinct().limit(2).toList());
    }
    // The plan is all that it takes to make the same network again.
    byte[] made = OnnxWriter.bytes(OnnxReader.read(folder.resolve("model.onnx")));
    Path again = folder.resolve("again");
    tuned(budget).apply(GivenPlan.read(folder.resolve("plan.json")), again, Progress.SILENT);
    assertArrayEquals(made, OnnxWriter.bytes(OnnxReader.read(again.resolve("model.onnx"))));
  }

  @Test
  void asFarAsHeldOutImagesConfirmHalfOfWhatIsLeftIsBinary() {
    Plan plan = tuned(Budget.ofDrop(100)).prune(folder, Progress.SILENT).plan();
    // Anything may be lost, so every block is as narrow as it can be, and half are binary.
    assertTrue(plan.blocks().stream().allMatch(row -> row.width() != null), plan.inWords());
    assertEquals((FULL.blocks().size() + 1) / 2, plan.count(Decision.BINARIZE), plan.inWords());
  }

  @Test
  void blocksThatAreReplacedHaveNoWeightsToTakeBitsFrom() {
    Refit refit = new Refit(FULL, FormImages.of(SMALL.train()).fitting(), SmallNetwork.COMPUTE);
    Map<String, Form> forms =
        Map.of(BOTH, Form.LINEAR, NARROW, Form.narrow(0.5), "stage3/block02", Form.DROP);
    Graph graph = refit.apply(forms, Progress.SILENT);
    Map<String, Decision> decisions =
        forms.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().decision()));
    CutNetwork whole = CutNetwork.whole(choosing().measureAsItStands(graph));
    CutNetwork cut =
        new CutNetwork(whole.network(), decisions, Map.of(NARROW, 0.5), Map.of(), List.of(), true);
    List<String> names = cut.binarizable().stream().map(Block::name).toList();
    assertTrue(names.contains(NARROW), names::toString);
    assertTrue(names.stream().noneMatch(Set.of(BOTH, "stage3/block02")::contains), names::toString);
    assertTrue(names.size() > 1, names::toString);
  }

  /**
   * Bytes of the network with the largest half of its blocks binary, all of them as wide as ever.
   */
  private static long halfBinary() {
    Map<String, Decision> largest =
        FULL.blocks().stream()
            .sorted(Comparator.comparingLong(block -> -Cost.of(FULL, block).bytes()))
            .limit((FULL.blocks().size() + 1) / 2)
            .collect(Collectors.toMap(Block::name, block -> Decision.BINARIZE));
    return Cost.of(PlanApplication.apply(FULL, largest)).bytes();
  }

  @Test
  void asFewAsItTakesAreBinaryThoseOfTheLowestPriceFirst() {
    Map<String, Integer> saved = Map.of("a", 64, "b", 63, "c", 17, "d", 16);
    List<String> cheapest = List.of("d", "c", "b", "a");
    assertEquals(Set.of("d"), binary(cheapest, saved, 16));
    assertEquals(Set.of("d", "c"), binary(cheapest, saved, 17));
    // Where half of those is not enough, with some that save more.
    assertEquals(Set.of("d", "a"), binary(cheapest, saved, 34));
    assertEquals(Set.of("a", "b"), binary(cheapest, saved, 81));
  }

  private static Set<String> binary(List<String> cheapest, Map<String, Integer> saved, int wanted) {
    return Set.copyOf(
        FormPruning.fewest(
            cheapest,
            List.of("a", "b"),
            blocks -> blocks.stream().mapToInt(saved::get).sum() >= wanted));
  }

  @Test
  void theSameDropsWithLayersFittedAreAnotherNetwork() {
    CutNetwork whole = CutNetwork.whole(choosing().measureAsItStands(FULL));
    Map<String, Decision> drop = Map.of(BOTH, Decision.DROP);
    CutNetwork fitted = new CutNetwork(whole.network(), drop, Map.of(), Map.of(), List.of(), true);
    CutNetwork merely = new CutNetwork(whole.network(), drop, Map.of(), Map.of(), List.of(), false);
    assertTrue(fitted.isOtherThan(merely) && merely.isOtherThan(whole));
    assertFalse(fitted.isOtherThan(fitted));
  }

  private static GivenPlan given() {
    return new GivenPlan(
        List.of(
            new GivenPlan.Row(BOTH, Decision.BINARIZE, 0.5),
            new GivenPlan.Row(NARROW, Decision.NARROW, 0.5),
            new GivenPlan.Row("stage3/block01", Decision.BINARIZE),
            new GivenPlan.Row("stage3/block02", Decision.DROP)),
        null,
        null);
  }

  private static BlockDecision row(Plan plan, String block) {
    return plan.blocks().stream().filter(row -> row.name().equals(block)).findFirst().orElseThrow();
  }

  private static Block block(Graph graph, String name) {
    return graph.block(name).orElseThrow();
  }

  private static Set<Precision> precisions(Graph graph, String block) {
    return graph.branch(block(graph, block)).stream()
        .filter(node -> node.operation() instanceof Operation.Conv2d)
        .map(node -> ((Operation.Conv2d) node.operation()).precision())
        .collect(Collectors.toSet());
  }

  private static AccuracyMeter choosing() {
    return AccuracyMeter.choosing(SMALL.train(), SMALL.heldOut(), SmallNetwork.COMPUTE);
  }

  /** Fine-tuned for an epoch; what blocks may become is narrow, and binary. */
  private static Pruner tuned(Budget budget) {
    PruneOptions options =
        new PruneOptions(
            budget,
            1,
            null,
            true,
            Set.of(Decision.NARROW),
            Distillation.Options.none(),
            TrainingOptions.standard(1),
            SmallNetwork.COMPUTE);
    return new Pruner(FULL, SMALL.statistics(), SMALL.train(), SMALL.heldOut(), options);
  }
}
