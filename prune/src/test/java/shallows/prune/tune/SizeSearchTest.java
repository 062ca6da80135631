package shallows.prune.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.SmallNetwork;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.FamilyMember;
import shallows.prune.plan.PrunedNetwork;
import shallows.prune.plan.Reason;
import shallows.prune.search.Binarization;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.Elimination;
import shallows.prune.search.SizeSearch;
import shallows.train.loop.Trainer;

/** The ways to a size, and the choice among them. */
class SizeSearchTest {
  private static final Budget BUDGET = SizeSearches.BUDGET;

  private static SmallNetwork small;
  private static SizeSearches searches;
  private static Graph full;
  private static long bytes;

  /** To a size that takes drops where none is allowed. */
  private static List<CutNetwork> ways;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    small = SmallNetwork.trained().withoutStatistics();
    searches = new SizeSearches(small);
    full = small.full();
    bytes = Cost.of(full).bytes();
    ways = searches.search(true).next(searches.size(24), Progress.SILENT);
  }

  @Test
  void aSizeIsReachedByFewDropsByHalfBinaryAndByDropsAlone() {
    assertEquals(3, ways.size());
    for (int w = 0; w < ways.size(); w++) {
      CutNetwork way = ways.get(w);
      assertTrue(Cost.of(way.network().graph()).bytes() <= bytes / 24);
      if (w > 0) {
        assertTrue(way.count(Decision.DROP) < ways.get(w - 1).count(Decision.DROP));
        assertTrue(way.count(Decision.BINARIZE) > ways.get(w - 1).count(Decision.BINARIZE));
      }
    }
    assertEquals(0, ways.get(0).count(Decision.BINARIZE));
    int left = full.blocks().size() - ways.get(1).count(Decision.DROP);
    assertTrue(ways.get(1).count(Decision.BINARIZE) <= Binarization.half(left));
    // One block fewer dropped, and not even all others binary would be small enough.
    int fewest = ways.get(2).count(Decision.DROP);
    Graph larger = PlanApplication.apply(full, drops(ways.get(2), fewest - 1));
    Map<String, Decision> all = new HashMap<>();
    larger.blocks().forEach(block -> all.put(block.name(), Decision.BINARIZE));
    assertTrue(Cost.of(PlanApplication.apply(larger, all)).bytes() > bytes / 24);
  }

  @Test
  void withoutFineTuningTheBestOfTheSameWaysIsTaken() {
    List<FamilyMember> members = List.of(new FamilyMember("nano", searches.size(24)));
    PrunedNetwork nano =
        small.pruner(BUDGET, 0, true).family(members, folder, Progress.SILENT).get(0).network();
    // What the pruner compares with is the network itself.
    SizeSearch search =
        searches.search(
            searches.elimination(searches.choosing().measureAsItStands(full)), true, true);
    TunedSearch tuning = tuning(0);
    TunedNetwork best =
        TunedSearch.chosen(
            search.next(searches.size(24), Progress.SILENT).stream().map(tuning::tuned).toList());
    assertEquals(best.cut().decisions(), nano.plan().decisions());
  }

  @Test
  void atNoPriceBeyondTheAllowedDropsASizeIsOutOfReach() {
    int allowed = 1;
    Elimination elimination = searches.elimination(searches.faultless());
    elimination.run(
        graph -> graph.blocks().size() == full.blocks().size() - allowed, true, Progress.SILENT);
    SizeSearch search = searches.search(elimination, true, false);
    assertEquals(List.of(), search.next(BUDGET.withMaxBytes(bytes / 100), Progress.SILENT));
    assertEquals(allowed, elimination.size());
    // But binary weights take no drops.
    List<CutNetwork> binary = search.next(searches.size(12), Progress.SILENT);
    assertEquals(1, binary.size());
    assertEquals(allowed, binary.get(0).count(Decision.DROP));
    assertTrue(binary.get(0).count(Decision.BINARIZE) > 0);
  }

  @Test
  void ofSeveralNetworksOfOneSizeOneIsChosenAfterFineTuningAndTellsOfTheOthers()
      throws IOException {
    List<TunedNetwork> each = new ArrayList<>();
    List<String> histories = new ArrayList<>();
    for (CutNetwork way : ways) {
      each.add(tuning(1).tuned(way));
      histories.add(Files.readString(folder.resolve(Trainer.HISTORY)));
    }
    TunedNetwork best = tuning(1).bestFirst(ways).get(0);
    int index = each.indexOf(TunedSearch.chosen(each));
    assertEquals(ways.get(index).decisions(), best.cut().decisions());
    assertEquals(each.get(index).network().accuracy(), best.network().accuracy());
    assertEquals(withoutTimes(histories.get(index)), withoutTimes(best.history().orElseThrow()));
    // Wherever another network decides differently over a block, the block says what came of it.
    for (CutNetwork other : ways) {
      for (Block block : full.blocks()) {
        Decision there = other.decisions().getOrDefault(block.name(), Decision.KEEP);
        if (there != best.cut().decisions().getOrDefault(block.name(), Decision.KEEP)) {
          assertTrue(
              best.cut().reasons().get(block.name()).stream()
                  .anyMatch(
                      reason ->
                          reason instanceof Reason.Otherwise otherwise
                              && otherwise.decision() == there
                              && otherwise.dropped() == other.count(Decision.DROP)),
              best.cut().reasons().toString());
        }
      }
    }
  }

  @Test
  void theOneWithTheMostDropsIsChosenUnlessAnotherIsSurelyBetter() {
    TunedNetwork mostDrops =
        new TunedNetwork(ways.get(0), searches.right(0, 200), Optional.empty());
    // 6 images won and 4 lost: 2 ± 3.1, which is nothing sure.
    TunedNetwork alike = new TunedNetwork(ways.get(1), searches.right(4, 206), Optional.empty());
    TunedNetwork better = new TunedNetwork(ways.get(2), searches.right(0, 206), Optional.empty());
    TunedNetwork worse = new TunedNetwork(ways.get(2), searches.right(0, 194), Optional.empty());
    assertEquals(mostDrops, TunedSearch.chosen(List.of(mostDrops, alike)));
    assertEquals(mostDrops, TunedSearch.chosen(List.of(mostDrops, alike, worse)));
    assertEquals(better, TunedSearch.chosen(List.of(mostDrops, better)));
  }

  /** Rows up to the share of blocks that were on; then come times, which differ between runs. */
  private static List<String> withoutTimes(String history) {
    return history.lines().map(row -> row.replaceFirst("((?:[^,]*,){8}).*", "$1")).toList();
  }

  /** The first drops of a cut, in the order they happened. */
  private static Map<String, Decision> drops(CutNetwork cut, int count) {
    Map<String, Decision> drops = new HashMap<>();
    cut.way().subList(1, count + 1).forEach(step -> drops.put(step.block(), Decision.DROP));
    assertNotEquals(cut.decisions(), drops);
    assertFalse(drops.containsKey(null));
    return drops;
  }

  private TunedSearch tuning(int epochs) {
    return new TunedSearch(
        full,
        searches.choosing(),
        new Confirmation(searches.choosing()::measureAsItStands, full, BUDGET.maxDrop()),
        BUDGET,
        small.options(BUDGET, epochs, true).fineTuning(full, small.train(), small.heldOut()),
        folder,
        Progress.SILENT);
  }
}
