package shallows.pipeline.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.export.ExportedNetwork;
import shallows.export.NetworkForm;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.RunFolder;
import shallows.prune.plan.Family;

/** The networks of a run that files are written of, as training and pruning left them. */
final class RunNetworks {
  private RunNetworks() {}

  /** The full one, then the pruned one that is shipped, then the other members of its family. */
  static List<ExportedNetwork> of(OpenRun run) {
    RunFolder folder = run.folder();
    Optional<Family> family = family(folder);
    List<ExportedNetwork> networks = new ArrayList<>();
    networks.add(network(NetworkForm.FULL, null, folder.fullModel()));
    networks.add(
        network(NetworkForm.PRUNED, family.map(Family::chosen).orElse(null), folder.prunedModel()));
    for (String member : family.map(Family::others).orElse(List.of())) {
      networks.add(network(NetworkForm.PRUNED, member, folder.prunedModel(member)));
    }
    return networks;
  }

  /** Where the plan of a pruned network is. */
  static Path plan(ExportedNetwork network, RunFolder folder) {
    boolean shipped =
        family(folder).map(found -> found.chosen().equals(network.member())).orElse(true);
    return shipped ? folder.plan() : folder.plan(network.member());
  }

  /** Empty where the run was pruned to one size. */
  static Optional<Family> family(RunFolder folder) {
    return Files.exists(folder.family())
        ? Optional.of(Family.read(folder.family()))
        : Optional.empty();
  }

  private static ExportedNetwork network(NetworkForm form, String member, Path file) {
    return new ExportedNetwork(form, member, OnnxReader.read(file));
  }
}
