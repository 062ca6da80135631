package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;
import shallows.prune.SmallNetwork;
import shallows.prune.form.PlanApplication;
import shallows.prune.form.Refit;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;
import shallows.train.inference.VariantPredictions;

/** How far forms move answers, on some images and with a heat, against all answers themselves. */
class FormDivergencesTest {
  private static final SmallNetwork SMALL = SmallNetwork.trained().withTrainImages(150);
  private static final Graph FULL = SMALL.full();
  private static final FormImages IMAGES = FormImages.of(SMALL.train());
  private static final LabelledImages CHOOSING = IMAGES.choosing();
  private static final Predictions ORIGINAL = predictions(FULL, CHOOSING);
  private static final int SOME = 40;
  private static final List<FormDivergences.Entry> ENTRIES = entries(FULL);

  @Test
  void isTheMeanOverTheImagesThatAreAffordable() {
    LabelledImages seen = CHOOSING.evenly(SOME);
    assertTrue(seen.size() < CHOOSING.size());
    FormDivergences divergences = divergences(SOME, false);
    List<FormDivergences.Measured> found = divergences.of(FULL, ENTRIES);
    assertEquals(ENTRIES, found.stream().map(FormDivergences.Measured::entry).toList());
    for (FormDivergences.Measured each : found) {
      Graph graph = each.entry().option().graph();
      double expected = predictions(graph, seen).klDivergence(predictions(FULL, seen));
      assertEquals(expected, each.divergence(), rounding(expected));
      // The same of a network that has answered all.
      assertEquals(
          expected, divergences.ofAnswers(predictions(graph, CHOOSING)), rounding(expected));
    }
    assertEquals(0, divergences.ofAnswers(ORIGINAL), 1e-6);
  }

  @Test
  void behindAHeatTheBestOfEachBlockAreMeasuredOnAllTheSame() {
    List<FormDivergences.Measured> all = divergences(SOME, false).of(FULL, ENTRIES);
    List<FormDivergences.Measured> best = divergences(SOME, true).of(FULL, ENTRIES);
    Map<FormDivergences.Entry, Double> known = new LinkedHashMap<>();
    all.forEach(each -> known.put(each.entry(), each.divergence()));
    Map<String, List<Form>> forms = new LinkedHashMap<>();
    for (FormDivergences.Measured each : best) {
      double expected = known.get(each.entry());
      assertEquals(expected, each.divergence(), rounding(expected));
      forms
          .computeIfAbsent(each.entry().option().block().name(), unknown -> new ArrayList<>())
          .add(each.entry().option().form());
    }
    assertEquals(FULL.blocks().size(), forms.size());
    // One for MACs, one for bytes, one for both and one for time, of the seven there are.
    forms.values().forEach(ofBlock -> assertTrue(ofBlock.size() <= 4, ofBlock::toString));
  }

  /** Behind a network that has moved already, whose own divergence is not the forms' fault. */
  @Test
  void theHeatIsWonByTheLowestPriceOfEachKindOnItsImages() {
    Graph current = PlanApplication.apply(FULL, Map.of("stage1/block01", Decision.DROP));
    List<FormDivergences.Entry> entries = entries(current);
    int[] some = LabelledImages.evenly(SOME, CHOOSING.size());
    int[] third = IntStream.range(0, SOME).filter(i -> i % 3 == 0).map(i -> some[i]).toArray();
    LabelledImages seen = CHOOSING.subset(third);
    Predictions original = predictions(FULL, seen);
    double now = predictions(current, seen).klDivergence(original);
    assertTrue(now > 1e-3, now + " nats");
    Map<FormDivergences.Entry, Double> rises = new IdentityHashMap<>();
    for (FormDivergences.Entry entry : entries) {
      double found = predictions(entry.option().graph(), seen).klDivergence(original);
      rises.put(entry, found - now);
    }
    List<FormDivergences.Entry> won =
        divergences(SOME, true).of(current, entries).stream()
            .map(FormDivergences.Measured::entry)
            .toList();
    Cost cost = Cost.of(current);
    List<ToDoubleFunction<FormDivergences.Entry>> kinds =
        List.of(
            entry -> cost.macs() - entry.cost().macs(),
            entry -> cost.bytes() - entry.cost().bytes(),
            FormDivergences.Entry::milliseconds);
    for (Block block : current.blocks()) {
      for (ToDoubleFunction<FormDivergences.Entry> kind : kinds) {
        double all = lowest(entries, block, kind, rises);
        assertEquals(all, lowest(won, block, kind, rises), rounding(all), block.name());
      }
    }
  }

  private static double lowest(
      List<FormDivergences.Entry> entries,
      Block block,
      ToDoubleFunction<FormDivergences.Entry> saved,
      Map<FormDivergences.Entry, Double> rises) {
    return entries.stream()
        .filter(entry -> entry.option().block().name().equals(block.name()))
        .filter(entry -> saved.applyAsDouble(entry) > 0)
        .mapToDouble(entry -> FormPrice.of(rises.get(entry), saved.applyAsDouble(entry)))
        .min()
        .orElseThrow();
  }

  @Test
  void whereNoFormSavesAnythingNoneIsMeasured() {
    FormDivergences.Entry nothing =
        new FormDivergences.Entry(ENTRIES.get(0).option(), Cost.of(FULL), null);
    assertEquals(List.of(), divergences(SOME, true).of(FULL, List.of(nothing)));
    assertEquals(List.of(), divergences(SOME, true).of(FULL, List.of()));
  }

  @Test
  void thereIsAHeatWhereOneFormOnAllImagesTakesLong() {
    assertFalse(FormDivergences.isLarge(FULL, 500));
    Graph large = photos("bottleneck-50");
    assertTrue(FormDivergences.isLarge(large, 60));
    assertFalse(FormDivergences.isLarge(large, 20));
  }

  @Test
  void whatIsFoundOfABlockDoesNotDependOnOthers() {
    FormDivergences divergences = divergences(SOME, true);
    List<FormDivergences.Measured> together = divergences.of(FULL, ENTRIES);
    List<FormDivergences.Measured> alone = new ArrayList<>();
    for (var block : FULL.blocks()) {
      alone.addAll(
          divergences.of(
              FULL, ENTRIES.stream().filter(each -> each.option().block().equals(block)).toList()));
    }
    assertEquals(
        together.stream().map(FormDivergences.Measured::divergence).toList(),
        alone.stream().map(FormDivergences.Measured::divergence).toList());
  }

  @Test
  void aNetworkSeesTheFewerImagesTheMoreItComputes() {
    int small = FormDivergences.affordable(FULL);
    assertTrue(small > 500, small + " images");
    assertEquals(100, FormDivergences.affordable(photos("bottleneck-50")), 5);
    assertEquals(64, FormDivergences.affordable(photos("bottleneck-152")));
  }

  /** Batches are other ones, so sums are, in their last bits. */
  private static double rounding(double value) {
    return 1e-3 * value + 1e-6;
  }

  private static Graph photos(String network) {
    Normalization plain = new Normalization(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    return Networks.create(
        network, Shape.of(3, 224, 224), new Task(List.of("cat", "dog"), plain), 1);
  }

  private static FormDivergences divergences(int most, boolean withHeat) {
    return new FormDivergences(FULL, CHOOSING, most, withHeat, SmallNetwork.COMPUTE);
  }

  /** With milliseconds that are made up: wide forms save most of them. */
  private static List<FormDivergences.Entry> entries(Graph current) {
    List<FormDivergences.Entry> entries = new ArrayList<>();
    Set<String> blocks = Set.copyOf(FULL.blocks().stream().map(each -> each.name()).toList());
    new Refit(FULL, IMAGES.fitting(), SmallNetwork.COMPUTE)
        .options(
            current,
            Map.of(),
            blocks,
            List.of(0.75, 0.5, 0.25),
            option ->
                entries.add(
                    new FormDivergences.Entry(
                        option, Cost.of(option.graph()), Cost.of(option.graph()).macs() * 1e-6)),
            Progress.SILENT);
    return List.copyOf(entries);
  }

  private static Predictions predictions(Graph graph, LabelledImages images) {
    return VariantPredictions.of(
            graph, List.of(graph), images, SmallNetwork.COMPUTE, Progress.SILENT)
        .get(0);
  }
}
