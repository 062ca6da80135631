package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import shallows.pipeline.report.ReportContent.Epoch;

class MaturityTest {
  private static final Report REPORT = SampleRun.report();

  /** Accuracy has long stopped to rise. */
  private static final double[] SETTLED = {0.7, 0.8, 0.88, 0.885, 0.884, 0.886};

  @Test
  void aTrainedNetworkNeedsNoAdvice() {
    ReportContent content = content(2_000, 0.8845, 40, 30, SETTLED);
    assertEquals(List.of(), new Maturity(content).advice());
    assertEquals(Answer.sentence(content.report()), Answer.headline(content));
    assertFalse(ReportPage.html(content).contains("class=\"advice\""));
  }

  @Test
  void halfOfTheWayFromGuessingIsTheLeast() {
    // Ten classes: guessing gets 10 %, so the middle of the way to 100 % is 55 %.
    assertTrue(new Maturity(content(2_000, 0.5495, 40, 30, SETTLED)).isPoor());
    assertFalse(new Maturity(content(2_000, 0.5505, 40, 30, SETTLED)).isPoor());
  }

  @Test
  void anUntrainedNetworkIsNotCelebrated() {
    ReportContent content = content(2_000, 0.3, 40, 30, SETTLED);
    assertEquals(
        "Too little is learned to prune: with every block the network gets 30.0\u00a0% of the test"
            + " images right, and guessing 10.0\u00a0%.",
        Answer.headline(content));
    assertTrue(Answer.backing(content).startsWith(Answer.sentence(content.report())));
    assertTrue(new Maturity(content).advice().get(0).contains("Train for more epochs"));
    assertTrue(ReportPage.html(content).contains("class=\"advice\""));
  }

  @Test
  void aCurveThatStillRisesAsksForMoreEpochs() {
    double[] rising = {0.5, 0.6, 0.7, 0.75, 0.8, 0.85};
    assertEquals(
        List.of(
            "Held-out accuracy still rose by 10.0 points in the last 2 of 6 epochs, more than the"
                + " 1.0 that pruning may lose. Train for more epochs."),
        new Maturity(content(2_000, 0.8845, 40, 30, rising)).advice());
    assertTrue(
        new Maturity(content(2_000, 0.8845, 40, 30, 0.8))
            .advice()
            .get(0)
            .startsWith("Held-out accuracy still rose by 70.0 points in the only epoch,"));
    // 1.5 points of 1,200 images are within their ±1.8.
    assertEquals(
        List.of(),
        new Maturity(content(2_000, 0.8845, 40, 30, 0.7, 0.8, 0.875, 0.87, 0.875, 0.885)).advice());
  }

  @Test
  void aPrunedNetworkThatIsSurelyBetterWasNotFinished() {
    assertTrue(
        new Maturity(content(2_000, 0.8845, 30, 90, SETTLED))
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
        new Maturity(content(180, 0.8845, 11, 17, SETTLED)).advice());
  }

  private static ReportContent content(
      int test, double accuracy, int lost, int won, double... heldOut) {
    Report.Full full = REPORT.full();
    Report report =
        new Report(
            new Report.Data("some", 10_800, test, 10, 1_200),
            new Report.Full(
                full.blocks(),
                full.parameters(),
                full.macs(),
                full.bytes(),
                accuracy,
                full.ensemble()),
            REPORT.pruned(),
            REPORT.exports().stream().map(file -> SampleExports.compared(file, lost, won)).toList(),
            REPORT.seconds(),
            REPORT.elimination(),
            REPORT.latency(),
            List.of(),
            null);
    ReportContent sample = SampleRun.content(report, SampleRun.CLASSES);
    return new ReportContent(
        report,
        sample.classes(),
        sample.survival(),
        IntStream.range(0, heldOut.length)
            .mapToObj(i -> new Epoch(i + 1, 1, 1.0, heldOut[i], 1))
            .toList(),
        List.of(),
        sample.samples(),
        sample.samplesChosen(),
        1,
        sample.provenance());
  }
}
