package shallows.pipeline.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import shallows.export.ExportSettings;
import shallows.export.metadata.Provenance;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Plan;

class ExportProvenanceTest {
  @Test
  void namesWhatTheRunWasAskedFor() {
    Provenance provenance = ExportProvenance.ofFull(record(TrainSettings.DATA));

    assertTrue(provenance.tool().startsWith("shallows 0."), provenance.tool());
    assertEquals("resnet-32-s2", provenance.network());
    assertEquals("fashion-mnist-mini", provenance.data());
    assertEquals(1, provenance.seed());
    assertEquals("linear:0.5", provenance.survival());
    assertEquals("full depth", provenance.plan());
    assertTrue(provenance.licence().orElseThrow().contains("MIT"));
  }

  @Test
  void sumsUpWhatBecameOfTheBlocks() {
    Plan plan =
        new Plan(
            "net",
            false,
            null,
            List.of(
                block("a", Decision.KEEP), block("b", Decision.DROP), block("c", Decision.DROP)),
            List.of(),
            List.of(),
            List.of());

    assertEquals(
        "3 blocks: 1 kept, 0 binarized, 2 dropped",
        ExportProvenance.ofPruned(record(TrainSettings.DATA), plan).plan());
  }

  @Test
  void tellsAFoldersNameAndNotWhereItLies() {
    Provenance provenance = ExportProvenance.ofFull(record("/home/somebody/pictures/shoes"));

    assertEquals("shoes", provenance.data());
    assertEquals(Optional.empty(), provenance.licence(), "nothing is known of it");
  }

  private static BlockDecision block(String name, Decision decision) {
    return new BlockDecision(name, decision, null, 0.5, null, null, 1, 1, List.of());
  }

  private static RunRecord record(String data) {
    TrainSettings train = TrainSettings.STANDARD.withData(data, null);
    return RunRecord.begin("run", "train", train, PruneSettings.STANDARD, ExportSettings.STANDARD);
  }
}
