package shallows.train.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shallows.model.BadInputException;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.TestImages;
import shallows.train.loop.LearningRateCurve.Point;
import shallows.train.options.Compute;

class LearningRateFinderTest {
  private static final double EXACT = 1e-12;

  @TempDir Path folder;

  @Test
  void ratesGrowByOneFactorFromTheLeastToTheMost() {
    assertEquals(1e-5, LearningRateFinder.rate(0), 1e-17);
    assertEquals(10, LearningRateFinder.rate(LearningRateFinder.STEPS - 1), 1e-9);
    double factor = LearningRateFinder.rate(1) / LearningRateFinder.rate(0);
    assertEquals(factor, LearningRateFinder.rate(151) / LearningRateFinder.rate(150), 1e-9);
  }

  @Test
  void theLossIsSmoothedWithoutABiasTowardsNothing() {
    LearningRateFinder.LossCurve curve = new LearningRateFinder.LossCurve();
    curve.add(1, 2);
    curve.add(2, 4);
    // (0.95 · 0.05 · 2 + 0.05 · 4) / (1 − 0.95²)
    assertEquals(2, curve.found("test").points().get(0).smoothed(), EXACT);
    assertEquals(0.295 / 0.0975, curve.found("test").points().get(1).smoothed(), EXACT);
  }

  @Test
  void itEndsWhereTheLossIsFourTimesTheLeastOrNoNumber() {
    LearningRateFinder.LossCurve high = new LearningRateFinder.LossCurve();
    high.add(1, 1);
    assertTrue(high.goesOn());
    // 0.95 · 0.05 + 0.05 · x = 4 · 0.0975 at x = 6.85
    high.add(2, 6.9);
    assertFalse(high.goesOn());

    LearningRateFinder.LossCurve none = new LearningRateFinder.LossCurve();
    none.add(1, Double.NaN);
    assertFalse(none.goesOn());
    assertThrows(BadInputException.class, () -> none.found("test"));
  }

  @Test
  void theSuggestionIsATenthOfTheRateWithTheLeastLoss() throws IOException {
    LearningRateCurve curve =
        new LearningRateCurve(
            List.of(new Point(0.01, 3, 3), new Point(1.234, 1, 1.5), new Point(2, 9, 1.6)));
    assertEquals(0.12, curve.suggestion(), EXACT);
    curve.write(folder.resolve("rates.csv"));
    assertEquals(
        List.of("learningRate,loss,smoothedLoss", "0.0100000,3.00000,3.00000"),
        Files.readAllLines(folder.resolve("rates.csv")).subList(0, 2));
  }

  @Test
  void aNetworkLearnsAtWhatItSuggestsAndGoesWrongFarAboveIt() {
    Graph graph = TestImages.network(1);
    LearningRateCurve curve = find(graph);
    double first = curve.points().get(0).loss();
    // At rates that move nothing the loss is that of guessing; somewhere it is far below.
    assertTrue(curve.least().smoothed() < 0.8 * first, curve.toString());
    assertTrue(curve.suggestion() >= 1e-3 && curve.suggestion() <= 0.5, curve.toString());
    assertEquals(curve, find(graph));
    assertArrayEquals(
        graph.parameters().values().iterator().next().values(),
        TestImages.network(1).parameters().values().iterator().next().values());
  }

  private static LearningRateCurve find(Graph graph) {
    return LearningRateFinder.find(
        Trainee.of(graph),
        TestImages.of(100, 1),
        ResumeTest.OPTIONS,
        Compute.cpu(1),
        Progress.SILENT);
  }
}
