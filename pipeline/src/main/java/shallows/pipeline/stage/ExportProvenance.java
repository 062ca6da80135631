package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Optional;
import shallows.data.sets.DataSets;
import shallows.export.metadata.Provenance;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.prune.Decision;
import shallows.prune.Plan;

/** Where the networks of a run come from, as their files say it. */
final class ExportProvenance {
  private ExportProvenance() {}

  static Provenance ofFull(RunRecord record) {
    return of(record, "full depth");
  }

  /** For example {@code "15 blocks: 5 kept, 9 binarized, 1 dropped"}. */
  static Provenance ofPruned(RunRecord record, Plan plan) {
    return of(
        record,
        String.format(
            "%d blocks: %d kept, %d binarized, %d dropped",
            plan.blocks().size(),
            plan.count(Decision.KEEP),
            plan.count(Decision.BINARIZE),
            plan.count(Decision.DROP)));
  }

  private static Provenance of(RunRecord record, String plan) {
    TrainSettings train = record.train();
    Optional<String> origin = DataSets.origin(train.data());
    return new Provenance(
        "shallows " + Versions.shallows(),
        train.network(),
        // Not the whole path, which is nobody's business who gets the file.
        origin.isPresent() ? train.data() : String.valueOf(Path.of(train.data()).getFileName()),
        origin.map(images -> "images: " + images),
        train.seed(),
        train.survival(),
        plan);
  }
}
