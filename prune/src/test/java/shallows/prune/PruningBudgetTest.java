package shallows.prune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.FamilyMember;
import shallows.prune.plan.LargerNetworks;
import shallows.prune.plan.Plan;
import shallows.prune.plan.PlanStep;
import shallows.prune.plan.PlanSummary;
import shallows.prune.plan.PrunedNetwork;

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
    Plan plan = prune(Budget.ofDrop(maxDrop), epochs).plan();
    PlanSummary.Promise promise = plan.summary().promise();
    assertEquals(maxDrop, promise.maxDrop());
    // What was confirmed had the whole risk of its line at most.
    if (plan.decisions().containsValue(Decision.DROP)) {
      assertTrue(plan.summary().loss().isSurelyWithin(maxDrop, AccuracyLoss.QUANTILE));
    }
    assertEquals(
        plan.summary().fullHeldOutAccuracy() - plan.summary().heldOutAccuracy(),
        plan.summary().loss().estimate(),
        1e-12);
  }

  @Test
  void keepsTheNextLargerNetworksThatHeldOutImagesConfirmedToo() {
    Plan plan = prune(Budget.ofDrop(100), 0).plan();
    assertEquals(full.blocks().size(), plan.count(Decision.DROP));
    assertEquals(
        List.of(5L, 4L, 3L),
        plan.larger().stream().map(LargerNetworks.Entry::dropped).toList(),
        "where nothing ended the line there are larger ones too");
    Plan some = prune(Budget.ofDrop(20), 0).plan();
    long dropped = some.count(Decision.DROP);
    assertTrue(dropped > 1 && dropped < full.blocks().size(), dropped + " dropped");
    for (int i = 0; i < some.larger().size(); i++) {
      LargerNetworks.Entry entry = some.larger().get(i);
      assertEquals("candidates/" + (i + 1), entry.folder());
      assertEquals(dropped - 1 - i, entry.dropped());
      Path own = folder.resolve(entry.folder());
      assertEquals(entry.dropped(), Plan.read(own.resolve("plan.json")).count(Decision.DROP));
      assertEquals(
          full.blocks().size() - entry.dropped(),
          OnnxReader.read(own.resolve("model.onnx")).blocks().size());
    }
    assertEquals(Math.min(3, dropped - 1), some.larger().size());
  }

  @Test
  void theNextLargerNetworkTakesThePlaceOfTheOneThatTestImagesReject() throws IOException {
    Plan before = prune(Budget.ofDrop(20), 0).plan();
    Path fresh = folder.resolve("fresh");
    AccuracyLoss loss = new AccuracyLoss(30, 10, 100);
    Plan after = LargerNetworks.promoteNext(folder, fresh, 0.7, loss);
    assertEquals(after, Plan.read(fresh.resolve("plan.json")));
    assertEquals(before.larger().get(0).dropped(), after.count(Decision.DROP));
    assertEquals(before.larger().subList(1, before.larger().size()), after.larger());
    assertEquals(1, after.rejected().size());
    assertEquals(before.count(Decision.DROP), after.rejected().get(0).network().dropped());
    assertEquals(loss, after.rejected().get(0).testLoss());
    Path next = folder.resolve("candidates/1/model.onnx");
    assertEquals(-1, Files.mismatch(next, fresh.resolve("model.onnx")));
    for (LargerNetworks.Entry left : after.larger()) {
      assertTrue(Files.exists(fresh.resolve(left.folder()).resolve("model.onnx")));
    }
    assertFalse(Files.exists(fresh.resolve("candidates/1")));
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
    assertTrue(message.contains("maxDrop 0.00"), message);
  }

  @Test
  void dropsMoreThanItMayAtOnceWhereFineTuningDecides() {
    // No image may be lost. Right after the drops some are, which without fine-tuning is the end.
    Budget budget = Budget.ofDrop(0).withMaxMacs(Cost.of(full).macs() / 4);
    String untuned = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(untuned.contains("every block dropped that maxDrop 0.00 allows"), untuned);
    assertTrue(untuned.endsWith("; allow more, or a larger maxDrop"), untuned);
    String tuned = assertThrows(BadInputException.class, () -> prune(budget, 1)).getMessage();
    assertTrue(tuned.contains("a network of that size has, on held-out images"), tuned);
  }

  @Test
  void dropsMoreThanItMayAtOnceAlsoForASizeThatBinaryWeightsAloneDoNotReach() {
    Budget budget = Budget.ofDrop(0).withMaxBytes(Cost.of(full).bytes() / 100);
    String untuned = assertThrows(BadInputException.class, () -> prune(budget, 0)).getMessage();
    assertTrue(untuned.contains("maxDrop 0.00 allows and the others binarized"), untuned);
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
  void whatFineTuningDoesNotMakeGoodEnoughIsNotShipped() {
    // No image may be lost, and no network is confirmed to have lost none.
    Plan plan = prune(Budget.ofDrop(0), 1).plan();
    if (plan.decisions().containsValue(Decision.DROP)) {
      assertTrue(plan.summary().loss().estimate() < 0, plan.summary().toString());
    } else {
      Graph kept = OnnxReader.read(folder.resolve("model.onnx"));
      assertEquals(full.blocks().size(), kept.blocks().size());
    }
  }

  @Test
  void makesAFamilyWhoseMembersAreNested() {
    long bytes = Cost.of(full).bytes();
    List<FamilyMember> members =
        List.of(
            new FamilyMember("nano", Budget.ofDrop(100).withMaxBytes(bytes / 12)),
            new FamilyMember("small", Budget.ofDrop(100).withMaxBytes(bytes / 4)),
            new FamilyMember("base", Budget.ofDrop(100).withMaxBytes(bytes / 2)));
    List<Family.NamedNetwork> family =
        small.pruner(Budget.ofDrop(100), 0, true).family(members, folder, Progress.SILENT);
    assertEquals(
        List.of("base", "small", "nano"), family.stream().map(Family.NamedNetwork::name).toList());
    for (int i = 0; i < family.size(); i++) {
      Family.NamedNetwork member = family.get(i);
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
    Family chosen = Family.of(family);
    assertEquals("nano", chosen.chosen());
    chosen.write(folder.resolve("family.json"));
    assertEquals(chosen, Family.read(folder.resolve("family.json")));
  }

  private PrunedNetwork prune(Budget budget, int epochs) {
    return small.pruner(budget, epochs, true).prune(folder, Progress.SILENT);
  }
}
