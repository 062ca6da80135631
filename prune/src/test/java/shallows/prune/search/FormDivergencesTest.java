package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Normalization;
import shallows.model.graph.Shape;
import shallows.model.graph.Task;
import shallows.model.network.Networks;
import shallows.model.progress.Progress;
import shallows.prune.SmallNetwork;
import shallows.prune.form.Refit;
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
  private static final List<FormDivergences.Entry> ENTRIES = entries();

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
      assertEquals(expected, divergences.of(predictions(graph, CHOOSING)), rounding(expected));
    }
    assertEquals(0, divergences.of(ORIGINAL), 0);
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
    // One for MACs and one for bytes, or one for both.
    forms.values().forEach(ofBlock -> assertTrue(ofBlock.size() <= 2, ofBlock::toString));
  }

  @Test
  void theHeatIsWonByTheLowestPriceOnItsImages() {
    int[] heat = IntStream.of(LabelledImages.evenly(SOME, CHOOSING.size())).limit(SOME).toArray();
    int[] third = IntStream.range(0, SOME).filter(i -> i % 3 == 0).map(i -> heat[i]).toArray();
    LabelledImages seen = CHOOSING.subset(third);
    List<FormDivergences.Measured> best = divergences(SOME, true).of(FULL, ENTRIES);
    for (String block : FULL.blocks().stream().map(each -> each.name()).toList()) {
      double lowest = Double.POSITIVE_INFINITY;
      double won = Double.POSITIVE_INFINITY;
      for (FormDivergences.Entry entry : ENTRIES) {
        if (!entry.option().block().name().equals(block)) {
          continue;
        }
        double rise =
            predictions(entry.option().graph(), seen).klDivergence(ORIGINAL.subset(third));
        double price = FormPrice.of(rise, Cost.of(FULL).macs() - entry.cost().macs());
        lowest = Math.min(lowest, price);
        if (best.stream().anyMatch(each -> each.entry() == entry)) {
          won = Math.min(won, price);
        }
      }
      assertEquals(lowest, won, rounding(lowest), block);
    }
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
    return new FormDivergences(CHOOSING, ORIGINAL, most, withHeat, SmallNetwork.COMPUTE);
  }

  private static List<FormDivergences.Entry> entries() {
    List<FormDivergences.Entry> entries = new ArrayList<>();
    Set<String> blocks = Set.copyOf(FULL.blocks().stream().map(each -> each.name()).toList());
    new Refit(FULL, IMAGES.fitting(), SmallNetwork.COMPUTE)
        .options(
            FULL,
            Map.of(),
            blocks,
            List.of(0.75, 0.5, 0.25),
            option -> entries.add(new FormDivergences.Entry(option, Cost.of(option.graph()), null)),
            Progress.SILENT);
    return List.copyOf(entries);
  }

  private static Predictions predictions(Graph graph, LabelledImages images) {
    return VariantPredictions.of(
            graph, List.of(graph), images, SmallNetwork.COMPUTE, Progress.SILENT)
        .get(0);
  }
}
