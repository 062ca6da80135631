package shallows.pipeline.stage;

import java.nio.file.Path;
import java.util.Optional;
import shallows.data.sets.DataSets;
import shallows.export.ExportedNetwork;
import shallows.export.NetworkForm;
import shallows.export.metadata.Provenance;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.TrainSettings;
import shallows.pipeline.folder.Versions;
import shallows.prune.plan.Plan;

/** Where the networks of a run come from, as their files say it. */
final class ExportProvenance {
  private ExportProvenance() {}

  /** The same network, which says where it comes from. */
  static ExportedNetwork signed(ExportedNetwork network, OpenRun run) {
    Provenance provenance =
        network.form() == NetworkForm.FULL
            ? ofFull(run.record())
            : ofPruned(run.record(), Plan.read(RunNetworks.plan(network, run.folder())));
    return new ExportedNetwork(
        network.form(), network.member(), provenance.applyTo(network.graph()));
  }

  static Provenance ofFull(RunRecord record) {
    return of(record, "full depth");
  }

  /** For example {@code "15 blocks: 5 kept, 9 binarized, 1 dropped"}. */
  static Provenance ofPruned(RunRecord record, Plan plan) {
    return of(record, plan.blocks().size() + " blocks: " + plan.inWords());
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
