package shallows.prune.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
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

/** Forms of large networks are measured on some of the images. */
class FormMeterTest {
  private static final SmallNetwork SMALL = SmallNetwork.trained().withTrainImages(150);
  private static final Graph FULL = SMALL.full();
  private static final String BLOCK = "stage2/block02";
  private static final FormImages IMAGES = FormImages.of(SMALL.train());
  private static final int SOME = 20;

  @Test
  void aFormIsAsFarFromTheOriginalAsItsAnswersToTheseImagesAre() {
    FormMeter meter = meter(SOME);
    LabelledImages seen = meter.images().evenly(SOME);
    assertTrue(seen.size() < meter.images().size());
    Graph without = PlanApplication.apply(FULL, Map.of(BLOCK, Decision.DROP));
    double expected = predictions(without, seen).klDivergence(predictions(FULL, seen));
    double found =
        meter.measure(FULL, Map.of(), Set.of(BLOCK)).stream()
            .filter(price -> price.form().equals(Form.DROP))
            .findFirst()
            .orElseThrow()
            .divergence();
    assertEquals(expected, found, 1e-4 * expected);
    // What it is compared with comes of the answers to all images that choose.
    assertEquals(expected, meter.divergence(meter.answers(without)), 1e-4 * expected);
    assertEquals(0, meter.divergence(meter.original()), 0);
  }

  @Test
  void allImagesAreSeenWhereTheyAreAffordable() {
    int all = IMAGES.choosing().size();
    assertEquals(prices(meter(all)), prices(new FormMeter(refit(), IMAGES.choosing(), Form.MENU)));
  }

  @Test
  void aNetworkSeesTheFewerImagesTheMoreItComputes() {
    int small = FormMeter.affordable(FULL);
    assertTrue(small > 500, small + " images");
    // 4.1 billion MACs without the classifier's.
    int large = FormMeter.affordable(photos("bottleneck-50"));
    assertEquals(100, large, 5);
    assertEquals(64, FormMeter.affordable(photos("bottleneck-152")));
  }

  private static Graph photos(String network) {
    Normalization plain = new Normalization(List.of(0f, 0f, 0f), List.of(1f, 1f, 1f));
    return Networks.create(
        network, Shape.of(3, 224, 224), new Task(List.of("cat", "dog"), plain), 1);
  }

  private static Map<Form, Double> prices(FormMeter meter) {
    return meter.measure(FULL, Map.of(), Set.of(BLOCK)).stream()
        .collect(Collectors.toMap(FormPrice::form, FormPrice::divergence));
  }

  private static FormMeter meter(int most) {
    return new FormMeter(refit(), IMAGES.choosing(), Form.MENU, most);
  }

  private static Refit refit() {
    return new Refit(FULL, IMAGES.fitting(), SmallNetwork.COMPUTE);
  }

  private static Predictions predictions(Graph graph, LabelledImages images) {
    return VariantPredictions.of(
            graph, List.of(graph), images, SmallNetwork.COMPUTE, Progress.SILENT)
        .get(0);
  }
}
