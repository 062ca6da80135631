package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.pipeline.folder.ImportSettings;
import shallows.train.loop.Epoch;
import shallows.train.loop.TrainingEnd;
import shallows.train.loop.TrainingPhase;

class MaturityTest {
  /** Accuracy has long stopped to rise. */
  private static final double[] SETTLED = {0.7, 0.8, 0.88, 0.885, 0.884, 0.886};

  @Test
  void aTrainedNetworkNeedsNoAdvice() {
    Report report = report(2_000, 0.8845, 40, 30, SETTLED);
    assertEquals(List.of(), new Maturity(report).advice());
    assertEquals(Answer.sentence(report), Answer.headline(report));
    assertFalse(html(report).contains("class=\"advice\""));
  }

  @Test
  void halfOfTheWayFromGuessingIsTheLeast() {
    // Ten classes: guessing gets 10 %, so the middle of the way to 100 % is 55 %.
    assertTrue(new Maturity(report(2_000, 0.5495, 40, 30, SETTLED)).isPoor());
    assertFalse(new Maturity(report(2_000, 0.5505, 40, 30, SETTLED)).isPoor());
  }

  @Test
  void anUntrainedNetworkIsNotCelebrated() {
    Report report = report(2_000, 0.3, 40, 30, SETTLED);
    assertEquals(
        "Too little is learned to prune: with every block the network gets 30.0\u00a0% of the test"
            + " images right, and guessing 10.0\u00a0%.",
        Answer.headline(report));
    assertTrue(Answer.backing(report).startsWith(Answer.sentence(report)));
    assertTrue(new Maturity(report).advice().get(0).contains("Train for more epochs"));
    assertTrue(html(report).contains("class=\"advice\""));
  }

  @Test
  void ofANetworkWithoutBlocksNoneLooksUseless() {
    SampleRun run = new SampleRun();
    run.decisions = "";
    run.accuracy = 0.3;
    Report report = run.report();
    assertTrue(Answer.headline(report).startsWith("Too little is learned: the network gets 30.0"));
    String advice = new Maturity(report).advice().get(0);
    assertFalse(advice.contains("blocks") || advice.contains("prune"), advice);
  }

  @Test
  void aCurveThatStillRisesAsksForMoreEpochs() {
    double[] rising = {0.5, 0.6, 0.7, 0.75, 0.8, 0.85};
    assertEquals(
        List.of(
            "Held-out accuracy still rose by 10.0 points in the last 2 of 6 epochs, more than the"
                + " 1.0 that pruning may lose. Train for more epochs."),
        new Maturity(report(2_000, 0.8845, 40, 30, rising)).advice());
    assertTrue(
        new Maturity(report(2_000, 0.8845, 40, 30, 0.8))
            .advice()
            .get(0)
            .startsWith("Held-out accuracy still rose by 70.0 points in the only epoch,"));
    // 1.5 points of 1,200 images are within their ±1.8.
    assertEquals(
        List.of(),
        new Maturity(report(2_000, 0.8845, 40, 30, 0.7, 0.8, 0.875, 0.87, 0.875, 0.885)).advice());
  }

  @Test
  void somebodysNetworkDidNotGuessBeforeItsFirstEpoch() {
    SampleRun run = new SampleRun();
    run.training = List.of(SampleRun.epoch(1, 1, 1, 0.8, 1));
    assertEquals(1, new Maturity(run.report()).advice().size());
    run.imported =
        new ImportSettings(
            "/a.onnx", "c0ffee", null, 1, 28, 28, 10, null, "auto", null, null, 0.1, 0.5, null,
            null);
    assertEquals(List.of(), new Maturity(run.report()).advice());
  }

  @Test
  void epochsOfANewClassifierAloneAreNotCounted() {
    // Two of ten epochs would be the last fifth; of the five of the network, it is one.
    double[] classifier = {0.5, 0.6, 0.7, 0.75, 0.75};
    double[] network = {0.76, 0.76, 0.76, 0.77, 0.85};
    assertEquals(
        List.of(
            "Held-out accuracy still rose by 8.0 points in the last of 5 epochs, more than the 1.0"
                + " that pruning may lose. Train for more epochs."),
        new Maturity(report(classifier, network)).advice());
    assertEquals(List.of(), new Maturity(report(classifier, new double[0])).advice());
  }

  private static Report report(double[] classifier, double... network) {
    SampleRun run = new SampleRun();
    run.training = new ArrayList<>();
    for (double heldOut : classifier) {
      run.training.add(epoch(run.training.size() + 1, heldOut, TrainingPhase.CLASSIFIER));
    }
    for (double heldOut : network) {
      run.training.add(epoch(run.training.size() + 1, heldOut, TrainingPhase.NETWORK));
    }
    return run.report();
  }

  private static Epoch epoch(int number, double heldOut, TrainingPhase phase) {
    return new Epoch(
        number, 10, 0.1, 1, 0.5, 1, heldOut, 15, 100, number, 0, 0, phase, TrainingEnd.NO);
  }

  @Test
  void aPrunedNetworkThatIsSurelyBetterWasNotFinished() {
    assertTrue(
        new Maturity(report(2_000, 0.8845, 30, 90, SETTLED))
            .advice()
            .get(0)
            .startsWith("The pruned network is better than the full one by more than chance"));
  }

  @Test
  void fewTestImagesLeaveMuchToChance() {
    assertEquals(
        List.of(
            "180 test images leave \u00b15.9 points to chance, more than twice what may be lost: take"
                + " more of them."),
        new Maturity(report(180, 0.8845, 11, 17, SETTLED)).advice());
  }

  private static String html(Report report) {
    SampleRun sample = new SampleRun();
    return ReportPage.html(
        new ReportContent(report, sample.samples, Map.of(), sample.content().provenance()));
  }

  private static Report report(int test, double accuracy, int lost, int won, double... heldOut) {
    SampleRun run = new SampleRun();
    run.testImages = test;
    run.accuracy = accuracy;
    run.files = run.files.stream().map(file -> file.against(lost, won)).toList();
    run.training =
        IntStream.range(0, heldOut.length)
            .mapToObj(i -> SampleRun.epoch(i + 1, 1, 1, heldOut[i], i))
            .toList();
    return run.report();
  }
}
