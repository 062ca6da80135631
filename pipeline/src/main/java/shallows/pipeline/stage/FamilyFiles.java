package shallows.pipeline.stage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import shallows.pipeline.folder.RunFolder;
import shallows.prune.Family;

/**
 * The members of a family beside the one whose files stand for the pruned network: their networks
 * lie in folders of their names, their exported files begin with RUN-NAME.
 *
 * @param folder of the run
 * @param run its name
 */
record FamilyFiles(RunFolder folder, String run) {

  /** Empty where the run was pruned to one size. */
  Optional<Family> family() {
    return Files.exists(folder.family())
        ? Optional.of(Family.read(folder.family()))
        : Optional.empty();
  }

  /** The names of the members whose files are not those of the run; largest first. */
  List<String> others() {
    return family().stream()
        .flatMap(
            family ->
                family.members().stream()
                    .map(Family.Member::name)
                    .filter(name -> !name.equals(family.chosen())))
        .toList();
  }

  /** What the exported files of a member begin with. */
  String prefix(String member) {
    return run + "-" + member;
  }

  Path network(String member) {
    return folder.prune().resolve(member).resolve("model.onnx");
  }

  Path plan(String member) {
    return folder.prune().resolve(member).resolve("plan.json");
  }

  /** The member that an exported file is of; empty for the run's own. */
  Optional<String> memberOf(String file) {
    return others().stream().filter(name -> file.startsWith(prefix(name) + "-")).findFirst();
  }
}
