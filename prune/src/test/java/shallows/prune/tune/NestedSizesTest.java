package shallows.prune.tune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Cost;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.prune.Pruner;
import shallows.prune.SmallNetwork;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Family;
import shallows.prune.plan.FamilyMember;
import shallows.prune.plan.PrunedNetwork;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.SizeSearch;

/** Several sizes in one go: what holds of them whatever images say, so few will do. */
class NestedSizesTest {
  private static final Budget BUDGET = SizeSearches.BUDGET;
  private static final int IMAGES = 240;
  private static final SmallNetwork SMALL =
      SmallNetwork.trained().withoutStatistics().withTrainImages(IMAGES);
  private static final SizeSearches SEARCHES = new SizeSearches(SMALL);
  private static final long BYTES = Cost.of(SMALL.full()).bytes();

  @TempDir Path folder;

  @Test
  void smallerOnesKeepWhatLargerOnesLostWhicheverWayThoseWent() {
    for (int way = 0; way < 3; way++) {
      SizeSearch search = SEARCHES.search(true);
      CutNetwork larger = null;
      for (Budget size : List.of(SEARCHES.size(3), SEARCHES.size(8), SEARCHES.size(30))) {
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
  void aFamilyIsNestedOfTheRightSizesAndAsAccurateAsItSays() {
    List<FamilyMember> members =
        List.of(
            new FamilyMember("nano", SEARCHES.size(24)),
            new FamilyMember("small", SEARCHES.size(4)),
            new FamilyMember("base", SEARCHES.size(2)));
    List<Family.NamedNetwork> family =
        SMALL.pruner(BUDGET, 1, true).family(members, folder, Progress.SILENT);
    assertEquals(
        List.of("base", "small", "nano"), family.stream().map(Family.NamedNetwork::name).toList());
    for (int i = 0; i < family.size(); i++) {
      PrunedNetwork network = family.get(i).network();
      AccuracyMeter heldOut =
          new AccuracyMeter(SMALL.heldOut(), SMALL.train(), SmallNetwork.COMPUTE);
      assertEquals(
          heldOut.measureAsItStands(network.graph()).accuracy(),
          network.plan().summary().heldOutAccuracy());
      Path file = folder.resolve(family.get(i).name()).resolve("model.onnx");
      assertTrue(Cost.of(OnnxReader.read(file)).bytes() <= BYTES / new int[] {2, 4, 24}[i]);
      if (i > 0) {
        assertNested(
            family.get(i - 1).network().plan().decisions(),
            family.get(i).network().plan().decisions());
      }
    }
  }

  @Test
  void binarizesNothingWhereThatIsNotWanted() {
    List<CutNetwork> only = SEARCHES.search(false).next(SEARCHES.size(24), Progress.SILENT);
    assertEquals(1, only.size());
    assertEquals(0, only.get(0).count(Decision.BINARIZE));
  }

  @Test
  void saysWhichMemberCannotBeMetAndHowNearItCame() {
    List<FamilyMember> members = List.of(new FamilyMember("dust", BUDGET.withMaxBytes(10)));
    Pruner pruner = SMALL.pruner(BUDGET, 0, true);
    String message =
        assertThrows(BadInputException.class, () -> pruner.family(members, folder, Progress.SILENT))
            .getMessage();
    assertTrue(message.startsWith("family: 'dust' cannot be met: with every block"), message);
    assertTrue(message.contains("bytes of weights where 10 are allowed"), message);
  }

  @Test
  void thereIsOneWayWhereTheAccuracyAllowsAllDropsThatTheSizeTakes() {
    SizeSearch search = SEARCHES.search(SEARCHES.elimination(SEARCHES.right(0, 0)), true, true);
    List<CutNetwork> only = search.next(SEARCHES.size(4), Progress.SILENT);
    assertEquals(1, only.size());
    assertEquals(0, only.get(0).count(Decision.BINARIZE));
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
}
