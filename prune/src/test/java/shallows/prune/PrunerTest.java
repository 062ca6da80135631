package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.BadInputException;
import shallows.model.graph.BinaryWeights;
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
    assertTrue(pruned.loss().isSurelyWithin(2), pruned.loss().toString());
    assertEquals(
        pruned.fullHeldOutAccuracy() - pruned.heldOutAccuracy(), pruned.loss().estimate(), 1e-12);
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

  @ParameterizedTest
  @CsvSource({"0.5,0", "3,0", "0.5,1", "3,1"})
  void whatItShipsIsWithinTheBudgetWithItsMargin(double maxDrop, int epochs) {
    PrunedNetwork pruned = prune(Budget.ofDrop(maxDrop), epochs);
    assertTrue(pruned.loss().isSurelyWithin(maxDrop), pruned.loss().toString());
    assertEquals(pruned.loss().atMost(), pruned.plan().summary().lossAtMost());
    for (BlockDecision row : pruned.plan().blocks()) {
      if (row.decision() == Decision.DROP) {
        assertTrue(row.reason().contains("with 80 % confidence"), row.reason());
      }
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
    Budget budget = Budget.ofDrop(100).withMaxBytes(limit);
    PrunedNetwork pruned = prune(budget, 0);
    assertTrue(Cost.of(pruned.graph()).bytes() <= limit);
    List<PlanStep> curve = pruned.plan().curve();
    assertTrue(curve.get(curve.size() - 2).bytes() > limit);
  }

  @Test
  void saysHowNearItCameToASizeOutOfReach() {
    Budget budget = Budget.ofDrop(100).withMaxBytes(10);
    String message = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(
        message.startsWith("the budget (at most 10 bytes of weights) cannot be met"), message);
    assertFalse(Files.exists(folder.resolve("model.onnx")));
  }

  @Test
  void saysThatTheSizeCostsMoreAccuracyThanAllowed() {
    // A fifth of the bytes and no image lost: small enough can be had, good enough cannot.
    long limit = Cost.of(full).bytes() / 5;
    Budget budget = Budget.ofDrop(0).withMaxBytes(limit);
    String message = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(message.contains("on held-out images, accuracy -"), message);
    assertTrue(message.contains("--max-drop 0.00"), message);
  }

  @Test
  void saysThatNoBlockCanMakeUpForTheMacsOfTheRest() {
    Budget budget = Budget.ofDrop(100).withMaxMacs(10);
    String message = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(message.contains("MACs where 10 are allowed"), message);
  }

  @Test
  void carriesOutAPlanThatWasEdited() {
    Plan plan = prune(Budget.ofDrop(0), 0).plan();
    List<BlockDecision> edited = new ArrayList<>();
    for (BlockDecision row : plan.blocks()) {
      Decision decision =
          switch (row.name()) {
            case "stage3/block01" -> Decision.BINARIZE;
            case "stage3/block02" -> Decision.DROP;
            default -> Decision.KEEP;
          };
      edited.add(
          new BlockDecision(
              row.name(),
              decision,
              row.survival(),
              row.effect(),
              row.standardError(),
              row.macs(),
              row.bytes(),
              row.reason()));
    }
    Plan asked = new Plan(plan.network(), null, edited, plan.curve());
    PrunedNetwork applied = pruner(Budget.ofDrop(1), 0).apply(asked, folder, Progress.SILENT);
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
  void takesDropsBackUntilTheRestIsGoodEnough() {
    HeldOut images = new HeldOut(heldOut, train, COMPUTE);
    boolean[] allRight = new boolean[heldOut.size()];
    Arrays.fill(allRight, true);
    // As if the full network were always right: no other can be as good.
    Measurement faultless = new Measurement(full, new double[heldOut.size()], allRight);
    Acceptance acceptance = new Acceptance(faultless, 0, true);
    Budget budget = Budget.ofDrop(0);
    Elimination elimination =
        new Elimination(images.measureAsItStands(full), acceptance, images, budget, Map.of());
    int most = 3;
    elimination.run(
        graph -> graph.blocks().size() == full.blocks().size() - most, true, Progress.SILENT);
    FineTuning tuning = options(budget, 1, false).fineTuning(full, train, heldOut);
    TunedCut left =
        new CutTuning(full, images, budget, acceptance, tuning, folder, Progress.SILENT)
            .dropped(elimination);
    assertEquals(Map.of(), left.cut().decisions());
    assertEquals(full, left.network().graph());
    long back =
        left.cut().reasons().values().stream()
            .filter(reason -> reason.matches("stays: with [13] blocks dropped and fine-tuned.*"))
            .count();
    assertEquals(most, back, left.cut().reasons().toString());
  }

  @Test
  void binarizesAShareOfTheWeightsAndDropsNothing() {
    Plan plan = pruner(Budget.ofDrop(100), 0).binarize(0.5, folder, Progress.SILENT).plan();
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
    Plan plan = pruner(Budget.ofDrop(2), 0, false).prune(folder, Progress.SILENT).plan();
    assertEquals(0, plan.count(Decision.BINARIZE));
    assertEquals(Decision.DROP, plan.decisions().get("stage3/block02"));
  }

  @Test
  void refusesAPlanForABlockThatIsNotThere() {
    Plan plan =
        new Plan(
            full.name(),
            null,
            List.of(new BlockDecision("stage9/block01", Decision.DROP, 1, null, null, 0, 0, "")),
            List.of());
    String message =
        assertThrows(
                BadInputException.class,
                () -> pruner(Budget.ofDrop(1), 0).apply(plan, folder, Progress.SILENT))
            .getMessage();
    assertTrue(message.contains("'stage9/block01'"), message);
  }

  @Test
  void makesAFamilyWhoseMembersAreNested() {
    long bytes = Cost.of(full).bytes();
    List<FamilyMember> members =
        List.of(
            new FamilyMember("nano", Budget.ofDrop(3).withMaxBytes(bytes / 12)),
            new FamilyMember("small", Budget.ofDrop(3).withMaxBytes(bytes / 4)),
            new FamilyMember("base", Budget.ofDrop(3).withMaxBytes(bytes / 2)));
    List<Pruner.NamedNetwork> family =
        pruner(Budget.ofDrop(3), 0).family(members, folder, Progress.SILENT);
    assertEquals(
        List.of("base", "small", "nano"), family.stream().map(Pruner.NamedNetwork::name).toList());
    for (int i = 0; i < family.size(); i++) {
      Pruner.NamedNetwork member = family.get(i);
      Graph written = OnnxReader.read(folder.resolve(member.name()).resolve("model.onnx"));
      long limit = bytes / new long[] {2, 4, 12}[i];
      assertTrue(Cost.of(written).bytes() <= limit, member.name());
      for (Map.Entry<String, Decision> block : member.network().plan().decisions().entrySet()) {
        Decision larger =
            i == 0
                ? Decision.KEEP
                : family.get(i - 1).network().plan().decisions().get(block.getKey());
        assertTrue(block.getValue().compareTo(larger) >= 0, member.name() + " " + block);
      }
    }
    Family chosen = Family.of(family, 100);
    assertEquals("nano", chosen.chosen());
    chosen.write(folder.resolve("family.json"));
    assertEquals(chosen, Family.read(folder.resolve("family.json")));
  }

  private PrunedNetwork prune(Budget budget, int epochs) {
    return pruner(budget, epochs).prune(folder, Progress.SILENT);
  }

  private static Pruner pruner(Budget budget, int epochs) {
    return pruner(budget, epochs, true);
  }

  private static Pruner pruner(Budget budget, int epochs, boolean binarize) {
    return new Pruner(full, statistics, train, heldOut, options(budget, epochs, binarize));
  }

  private static PruneOptions options(Budget budget, int epochs, boolean binarize) {
    return new PruneOptions(budget, epochs, binarize, 1, COMPUTE);
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
