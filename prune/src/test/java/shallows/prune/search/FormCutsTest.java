package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.SmallNetwork;
import shallows.prune.form.Refit;
import shallows.prune.plan.Budget;
import shallows.prune.plan.Form;
import shallows.prune.plan.Reason;

/** What is handed on to fine-tuning, one after the other, whatever it is worth. */
class FormCutsTest {
  private static final Budget BUDGET = Budget.ofDrop(1);
  private static final double ANYTHING = 100;
  private static final double NOTHING = -100;

  private static final SmallNetwork SMALL = SmallNetwork.trained().withTrainImages(150);
  private static final Graph FULL = SMALL.full();
  private static final AccuracyMeter CHOOSING =
      AccuracyMeter.choosing(SMALL.train(), SMALL.heldOut(), SmallNetwork.COMPUTE);
  private static final CutNetwork UNTOUCHED = CutNetwork.whole(CHOOSING.measureAsItStands(FULL));

  /** Until nothing can be made smaller. */
  private static final int ROUNDS = rounds();

  @Test
  void halfOfTheRoundsComeFirstThenThreeQuartersThenAll() {
    FormCuts cuts = cuts(ANYTHING);
    List<CutNetwork> all = all(cuts);
    assertTrue(ROUNDS > 3, ROUNDS + " rounds");
    assertEquals(3, all.size());
    assertEquals(
        List.of((ROUNDS + 1) / 2, (3 * ROUNDS + 3) / 4, ROUNDS),
        all.stream().map(FormCutsTest::lastRound).toList());
    long macs = Cost.of(FULL).macs();
    for (CutNetwork cut : all) {
      assertTrue(cut.fitted());
      assertTrue(Cost.of(cut.network().graph()).macs() < macs);
      macs = Cost.of(cut.network().graph()).macs();
      assertEquals(CHOOSING.images().size(), cut.network().right().length);
    }
  }

  @Test
  void whereNoRoundIsAllowedTheFullNetworkIsTheSafeOne() {
    List<CutNetwork> all = all(cuts(NOTHING));
    assertEquals(FULL, all.get(0).network().graph());
    assertFalse(all.get(0).fitted());
    assertEquals(1 + ROUNDS, all.size());
    assertEquals(1, lastRound(all.get(1)));
    assertEquals(ROUNDS, lastRound(all.get(ROUNDS)));
  }

  @Test
  void reasonsStandInTheOrderInWhichTheyCameUp() {
    FormCuts cuts = cuts(NOTHING);
    CutNetwork last = UNTOUCHED;
    for (Optional<CutNetwork> next = cuts.next(Progress.SILENT);
        next.isPresent();
        next = cuts.next(Progress.SILENT)) {
      cuts.because(next.get().changedSince(last), new Reason.Spared());
      last = next.get();
    }
    int several = 0;
    for (List<Reason> reasons : last.reasons().values()) {
      // What changed in the last one has not been told of it yet.
      for (int r = 0; r < reasons.size(); r++) {
        assertEquals(r % 2 == 0, reasons.get(r) instanceof Reason.Formed, reasons.toString());
      }
      several += reasons.size() > 2 ? 1 : 0;
    }
    assertTrue(several > 0, last.reasons().toString());
  }

  @Test
  void asTheyWereCutTheLastOneOfTheLineIsTakenAndTheOthersSayWhy() {
    FormCuts cuts = cuts(ANYTHING);
    all(cuts);
    Reason why = new Reason.Spared();
    assertSame(
        UNTOUCHED.network(), cuts.confirmedAsCut(confirming(graph -> false).line(), why).network());
    CutNetwork smallest = cuts.confirmedAsCut(confirming(graph -> true).line(), why);
    assertEquals(ROUNDS, lastRound(smallest));
    long some = Cost.of(FULL).macs() / 2;
    CutNetwork half =
        cuts.confirmedAsCut(confirming(graph -> Cost.of(graph).macs() >= some).line(), why);
    assertTrue(Cost.of(half.network().graph()).macs() >= some);
    for (String block : smallest.changedSince(half)) {
      List<Reason> reasons = half.reasons().get(block);
      assertSame(why, reasons.get(reasons.size() - 1), block);
    }
  }

  /** Held-out images that all confirm a network, or all speak against it. */
  private static Confirmation confirming(Function<Graph, Boolean> isGood) {
    return new Confirmation(
        graph -> {
          boolean[] right = new boolean[1000];
          Arrays.fill(right, graph == FULL || isGood.apply(graph));
          return new MeasuredNetwork(graph, new double[right.length], right);
        },
        FULL,
        BUDGET.maxDrop());
  }

  private static List<CutNetwork> all(FormCuts cuts) {
    List<CutNetwork> all = new ArrayList<>();
    cuts.next(Progress.SILENT).ifPresent(all::add);
    while (!all.isEmpty()) {
      Optional<CutNetwork> next = cuts.next(Progress.SILENT);
      if (next.isEmpty()) {
        break;
      }
      all.add(next.get());
    }
    return all;
  }

  private static int rounds() {
    FormSearch search = search();
    int rounds = 0;
    while (search.round(Progress.SILENT)) {
      rounds++;
    }
    return rounds;
  }

  private static int lastRound(CutNetwork cut) {
    return cut.reasons().values().stream()
        .flatMap(List::stream)
        .filter(Reason.Formed.class::isInstance)
        .mapToInt(reason -> ((Reason.Formed) reason).round())
        .max()
        .orElse(0);
  }

  private static FormCuts cuts(double maxLoss) {
    return FormCuts.of(search(), CHOOSING, UNTOUCHED, maxLoss, Progress.SILENT);
  }

  private static FormSearch search() {
    FormImages images = FormImages.of(SMALL.train());
    Refit refit = new Refit(FULL, images.fitting(), SmallNetwork.COMPUTE);
    FormMeter meter = new FormMeter(refit, images.choosing(), Form.menu("drop,narrow"));
    return new FormSearch(meter, FULL, BUDGET, Optional.empty());
  }
}
