package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;

/** How far pruning goes: to a loss of accuracy, to a size, to several sizes, or not at all. */
class PruningBudgetTest {
  private static SmallNetwork small;
  private static Graph full;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    small = SmallNetwork.trained();
    full = small.full();
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
  void dropsMoreThanItMayAtOnceWhereFineTuningDecides() {
    // No image may be lost. Right after the drops some are, which without fine-tuning is the end.
    Budget budget = Budget.ofDrop(0).withMaxMacs(Cost.of(full).macs() / 4);
    String untuned = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(untuned.contains("every block dropped that --max-drop 0.00 allows"), untuned);
    assertTrue(untuned.endsWith("; allow more, or a larger --max-drop"), untuned);
    String tuned = assertThrows(BadInputException.class, () -> prune(budget, 1)).getMessage();
    assertTrue(tuned.contains("a network of that size has, on held-out images"), tuned);
  }

  @Test
  void dropsMoreThanItMayAtOnceAlsoForASizeThatBinaryWeightsAloneDoNotReach() {
    Budget budget = Budget.ofDrop(0).withMaxBytes(Cost.of(full).bytes() / 100);
    String untuned = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(untuned.contains("--max-drop 0.00 allows and the others binarized"), untuned);
    String tuned = assertThrows(BadInputException.class, () -> prune(budget, 1)).getMessage();
    assertTrue(tuned.contains("a network of that size has, on held-out images"), tuned);
  }

  @Test
  void whereEveryBlockIsDroppedAllowingMoreAccuracyIsNoWayOut() {
    Budget budget = Budget.ofDrop(0).withMaxBytes(10);
    String message = assertThrows(BadInputException.class, () -> prune(budget, 1)).getMessage();
    assertTrue(message.contains("with every block dropped, there are"), message);
    assertTrue(message.endsWith("; allow more"), message);
  }

  @Test
  void saysThatNoBlockCanMakeUpForTheMacsOfTheRest() {
    Budget budget = Budget.ofDrop(100).withMaxMacs(10);
    String message = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(message.contains("MACs where 10 are allowed"), message);
  }

  @Test
  void takesDropsBackUntilTheRestIsGoodEnough() {
    HeldOut images = new HeldOut(small.heldOut(), small.train(), SmallNetwork.COMPUTE);
    boolean[] allRight = new boolean[small.heldOut().size()];
    Arrays.fill(allRight, true);
    // As if the full network were always right: no other can be as good.
    Measurement faultless = new Measurement(full, new double[small.heldOut().size()], allRight);
    Acceptance acceptance = new Acceptance(faultless, 0, true);
    Budget budget = Budget.ofDrop(0);
    Elimination elimination =
        new Elimination(images.measureAsItStands(full), acceptance, images, budget, Map.of());
    int most = 3;
    elimination.run(
        graph -> graph.blocks().size() == full.blocks().size() - most, true, Progress.SILENT);
    FineTuning tuning =
        small.options(budget, 1, false).fineTuning(full, small.train(), small.heldOut());
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
  void makesAFamilyWhoseMembersAreNested() {
    long bytes = Cost.of(full).bytes();
    List<FamilyMember> members =
        List.of(
            new FamilyMember("nano", Budget.ofDrop(3).withMaxBytes(bytes / 12)),
            new FamilyMember("small", Budget.ofDrop(3).withMaxBytes(bytes / 4)),
            new FamilyMember("base", Budget.ofDrop(3).withMaxBytes(bytes / 2)));
    List<Pruner.NamedNetwork> family =
        small.pruner(Budget.ofDrop(3), 0, true).family(members, folder, Progress.SILENT);
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
    return small.pruner(budget, epochs, true).prune(folder, Progress.SILENT);
  }
}
