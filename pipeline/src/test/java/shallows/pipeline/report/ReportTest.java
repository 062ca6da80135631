package shallows.pipeline.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import shallows.pipeline.report.Report.Decision;

class ReportTest {
  @Test
  void refusesAnAccuracyThatIsNoFraction() {
    Report.Ensemble ensemble = new Report.Ensemble(16, 0.9);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> new Report.Full(15, 1, 1, 1, 88.3, ensemble));
    assertEquals("accuracy must be in [0, 1], was 88.3", refusal.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new Report.Full(15, 1, 1, 1, Double.NaN, ensemble));
  }

  @Test
  void refusesADecisionTooFew() {
    Report whole = SampleRun.report();
    Report.Pruned pruned = whole.pruned();
    Report.Pruned oneMissing =
        new Report.Pruned(
            pruned.parameters(),
            pruned.macs(),
            pruned.bytes(),
            pruned.accuracy(),
            pruned.blocks().subList(1, 15),
            0);
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Report(
                    whole.data(),
                    whole.full(),
                    oneMissing,
                    List.of(),
                    whole.seconds(),
                    List.of(),
                    null,
                    List.of(),
                    null));
    assertTrue(refusal.getMessage().contains("15 blocks"), refusal.getMessage());
  }

  @Test
  void countsDecisionsAndFindsTheSmallestPassingFileOfThePrunedNetwork() {
    Report report = SampleRun.report();
    assertEquals(7, report.pruned().count(Decision.KEEP));
    assertEquals(2, report.pruned().count(Decision.BINARIZE));
    assertEquals(6, report.pruned().count(Decision.DROP));
    // The mixed file is smaller but was rejected.
    assertEquals("demo-binary.tflite", report.smallestPassing().orElseThrow().file());
  }
}
