package shallows.prune.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.prune.Pruner;
import shallows.prune.SmallNetwork;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.FamilyMember;
import shallows.prune.plan.PrunedNetwork;
import shallows.prune.plan.Reason;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.Binarization;
import shallows.prune.search.Confirmation;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.Elimination;
import shallows.prune.search.MeasuredNetwork;
import shallows.prune.search.SizeSearch;
import shallows.train.loop.Trainer;

/**
 * The ways to a size, the choice among them, and that sizes are nested. How many drops are allowed
 * is made certain by what networks are compared with: one that is always right, so that none may
 * go, or one that never is, so that all may.
 *
 * <p>Long, as all of it is about the same three ways, which are searched once.
 */
class SizeSearchTest {
  private static final Budget BUDGET = Budget.ofDrop(0.5);

  /** Ways to a size are a matter of bytes, whatever images say. */
  private static final int IMAGES = 240;

  /** One that no training has said anything of: what to measure first is left to measuring. */
  private static SmallNetwork small;

  private static Graph full;
  private static long bytes;

  /** To a size that takes drops where none is allowed. */
  private static List<CutNetwork> ways;

  @TempDir Path folder;

  @BeforeAll
  static void trainSmallNetwork() {
    small = SmallNetwork.trained().withoutStatistics().withTrainImages(IMAGES);
    full = small.full();
    bytes = Cost.of(full).bytes();
    ways = search(true).next(size(24), Progress.SILENT);
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
    List<FamilyMember> members = List.of(new FamilyMember("nano", size(24)));
    PrunedNetwork nano =
        small.pruner(BUDGET, 0, true).family(members, folder, Progress.SILENT).get(0).network();
    // What the pruner compares with is the network itself.
    SizeSearch search = search(elimination(choosing().measureAsItStands(full)), true, true);
    TunedSearch tuning = tuning(0);
    TunedNetwork best =
        TunedSearch.chosen(
            search.next(size(24), Progress.SILENT).stream().map(tuning::tuned).toList());
    assertEquals(best.cut().decisions(), nano.plan().decisions());
  }

  @Test
  void thereIsOneWayWhereTheAccuracyAllowsAllDropsThatTheSizeTakes() {
    SizeSearch search = search(elimination(right(0, 0)), true, true);
    List<CutNetwork> only = search.next(size(4), Progress.SILENT);
    assertEquals(1, only.size());
    assertEquals(0, only.get(0).count(Decision.BINARIZE));
  }

  @Test
  void binarizesNothingWhereThatIsNotWanted() {
    List<CutNetwork> only = search(false).next(size(24), Progress.SILENT);
    assertEquals(1, only.size());
    assertEquals(0, only.get(0).count(Decision.BINARIZE));
  }

  @Test
  void saysWhichMemberCannotBeMetAndHowNearItCame() {
    List<FamilyMember> members = List.of(new FamilyMember("dust", BUDGET.withMaxBytes(10)));
    Pruner pruner = small.pruner(BUDGET, 0, true);
    String message =
        assertThrows(BadInputException.class, () -> pruner.family(members, folder, Progress.SILENT))
            .getMessage();
    assertTrue(message.startsWith("family: 'dust' cannot be met: with every block"), message);
    assertTrue(message.contains("bytes of weights where 10 are allowed"), message);
  }

  @Test
  void atNoPriceBeyondTheAllowedDropsASizeIsOutOfReach() {
    int allowed = 1;
    Elimination elimination = elimination(faultless());
    elimination.run(
        graph -> graph.blocks().size() == full.blocks().size() - allowed, true, Progress.SILENT);
    SizeSearch search = search(elimination, true, false);
    assertEquals(List.of(), search.next(BUDGET.withMaxBytes(bytes / 100), Progress.SILENT));
    assertEquals(allowed, elimination.size());
    // But binary weights take no drops.
    List<CutNetwork> binary = search.next(size(12), Progress.SILENT);
    assertEquals(1, binary.size());
    assertEquals(allowed, binary.get(0).count(Decision.DROP));
    assertTrue(binary.get(0).count(Decision.BINARIZE) > 0);
  }

  @Test
  void smallerOnesKeepWhatLargerOnesLostWhicheverWayThoseWent() {
    for (int way = 0; way < 3; way++) {
      SizeSearch search = search(true);
      CutNetwork larger = null;
      for (Budget size : List.of(size(3), size(8), size(30))) {
        List<CutNetwork> smallerOnes = search.next(size, Progress.SILENT);
        for (CutNetwork smaller : smallerOnes) {
          assertTrue(size.isMet(size.footprint(smaller.network().graph())), size.inWords());
          if (larger != null) {
            assertNested(larger.decisions(), smaller.decisions());
          }
        }
        larger = smallerOnes.get(Math.min(way, smallerOnes.size() - 1));
        search.take(larger);
      }
    }
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
    TunedNetwork mostDrops = new TunedNetwork(ways.get(0), right(0, 200), Optional.empty());
    // 6 images won and 4 lost: 2 ± 3.1, which is nothing sure.
    TunedNetwork alike = new TunedNetwork(ways.get(1), right(4, 206), Optional.empty());
    TunedNetwork better = new TunedNetwork(ways.get(2), right(0, 206), Optional.empty());
    TunedNetwork worse = new TunedNetwork(ways.get(2), right(0, 194), Optional.empty());
    assertEquals(mostDrops, TunedSearch.chosen(List.of(mostDrops, alike)));
    assertEquals(mostDrops, TunedSearch.chosen(List.of(mostDrops, alike, worse)));
    assertEquals(better, TunedSearch.chosen(List.of(mostDrops, better)));
  }

  @Test
  void aFamilyIsNestedOfTheRightSizesAndAsAccurateAsItSays() {
    List<FamilyMember> members =
        List.of(
            new FamilyMember("nano", size(24)),
            new FamilyMember("small", size(4)),
            new FamilyMember("base", size(2)));
    List<Family.NamedNetwork> family =
        small.pruner(BUDGET, 1, true).family(members, folder, Progress.SILENT);
    assertEquals(
        List.of("base", "small", "nano"), family.stream().map(Family.NamedNetwork::name).toList());
    for (int i = 0; i < family.size(); i++) {
      PrunedNetwork network = family.get(i).network();
      AccuracyMeter heldOut =
          new AccuracyMeter(small.heldOut(), small.train(), SmallNetwork.COMPUTE);
      assertEquals(
          heldOut.measureAsItStands(network.graph()).accuracy(),
          network.plan().summary().heldOutAccuracy());
      Path file = folder.resolve(family.get(i).name()).resolve("model.onnx");
      assertTrue(Cost.of(OnnxReader.read(file)).bytes() <= bytes / new int[] {2, 4, 24}[i]);
      if (i > 0) {
        assertNested(
            family.get(i - 1).network().plan().decisions(),
            family.get(i).network().plan().decisions());
      }
    }
  }

  /** Rows up to the share of blocks that were on; then come times, which differ between runs. */
  private static List<String> withoutTimes(String history) {
    return history.lines().map(row -> row.replaceFirst("((?:[^,]*,){8}).*", "$1")).toList();
  }

  private static void assertNested(Map<String, Decision> larger, Map<String, Decision> smaller) {
    Set<String> blocks = new HashSet<>(larger.keySet());
    blocks.addAll(smaller.keySet());
    for (String block : blocks) {
      Decision before = larger.getOrDefault(block, Decision.KEEP);
      Decision after = smaller.getOrDefault(block, Decision.KEEP);
      assertTrue(after.compareTo(before) >= 0, block + " " + before + " " + after);
    }
  }

  /** The first drops of a cut, in the order they happened. */
  private static Map<String, Decision> drops(CutNetwork cut, int count) {
    Map<String, Decision> drops = new HashMap<>();
    cut.way().subList(1, count + 1).forEach(step -> drops.put(step.block(), Decision.DROP));
    assertNotEquals(cut.decisions(), drops);
    assertFalse(drops.containsKey(null));
    return drops;
  }

  private static Budget size(long part) {
    return BUDGET.withMaxBytes(bytes / part);
  }

  /** Where no drop is allowed. */
  private static SizeSearch search(boolean binarize) {
    return search(elimination(faultless()), binarize, true);
  }

  private static SizeSearch search(Elimination elimination, boolean binarize, boolean atAnyPrice) {
    return new SizeSearch(
        elimination, choosing(), Cost.of(full), new SizeSearch.Options(binarize, atAnyPrice));
  }

  /** What may go is what leaves a network as good as the reference. */
  private static Elimination elimination(MeasuredNetwork reference) {
    return new Elimination(
        choosing().measureAsItStands(full),
        reference,
        choosing(),
        BUDGET,
        BUDGET.maxDrop(),
        Map.of());
  }

  /** Many images better than the network, which may lose a few. */
  private static MeasuredNetwork faultless() {
    return right(0, choosing().images().size());
  }

  /** A network that gets some of the images right that choose, from one on to another. */
  private static MeasuredNetwork right(int from, int to) {
    boolean[] right = new boolean[choosing().images().size()];
    Arrays.fill(right, from, to, true);
    return new MeasuredNetwork(full, new double[right.length], right);
  }

  private TunedSearch tuning(int epochs) {
    return new TunedSearch(
        full,
        choosing(),
        new Confirmation(choosing()::measureAsItStands, full, BUDGET.maxDrop()),
        BUDGET,
        small.options(BUDGET, epochs, true).fineTuning(full, small.train(), small.heldOut()),
        folder,
        Progress.SILENT);
  }

  private static AccuracyMeter choosing() {
    return AccuracyMeter.choosing(small.train(), small.heldOut(), SmallNetwork.COMPUTE);
  }
}
