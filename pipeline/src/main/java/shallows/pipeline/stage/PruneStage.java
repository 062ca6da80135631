package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import shallows.export.ExportManifest;
import shallows.export.verify.FileCheck;
import shallows.export.verify.Verification;
import shallows.model.BadInputException;
import shallows.model.file.IoReason;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.progress.Progress;
import shallows.pipeline.folder.OpenRun;
import shallows.pipeline.folder.PruneSettings;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.report.Words;
import shallows.prune.Decision;
import shallows.prune.Family;
import shallows.prune.GivenPlan;
import shallows.prune.LargerNetworks;
import shallows.prune.Plan;
import shallows.prune.PlanFile;
import shallows.prune.PlanSummary;
import shallows.prune.PruneOptions;
import shallows.prune.PrunedNetwork;
import shallows.prune.Pruner;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.options.Compute;

/**
 * From the trained network and its statistics to {@code prune/model.onnx}, the smaller one, and
 * {@code prune/plan.json}, why it is as it is. Of a family each member has a folder with these two
 * files, and the chosen one's are also where those of a single network would be.
 */
public final class PruneStage {
  private PruneStage() {}

  /**
   * @param settings what is asked for now
   */
  public static void run(
      OpenRun run,
      PruneSettings settings,
      RunImages images,
      Compute compute,
      Listener listener,
      Progress progress) {
    Graph full = OnnxReader.read(run.folder().fullModel());
    SurvivalStatistics statistics = SurvivalStatistics.read(run.folder().survival());
    PruneBudget budget = new PruneBudget(settings, run.record().export(), full);
    Optional<GivenPlan> plan =
        Optional.ofNullable(settings.plan()).map(file -> GivenPlan.read(Path.of(file)));
    PruneOptions options =
        new PruneOptions(
            budget.budget(),
            settings.fineTuneEpochs(),
            settings.fineTuneRate(),
            !settings.keepPrecision(),
            settings.distillation(),
            run.record().train().trainingOptions(),
            compute);
    StageWork.run(
        run,
        Stage.PRUNE,
        record -> record.withPrune(settings),
        listener,
        fresh -> {
          Pruner pruner =
              new Pruner(
                  full,
                  OriginalNetwork.of(run.folder()).orElse(full),
                  statistics,
                  images.train(),
                  images.heldOut(),
                  options);
          if (settings.family() != null) {
            Family family = Family.of(pruner.family(budget.members(), fresh, progress));
            return new StageWork.Done(written(family, run.folder(), fresh), 0);
          }
          PrunedNetwork pruned =
              plan.isPresent()
                  ? pruner.apply(plan.get(), fresh, progress)
                  : pruner.prune(fresh, progress);
          return new StageWork.Done(summary(pruned.plan(), run), 0);
        });
  }

  /**
   * Whether test images rejected every file of the pruned network, and a larger one that held-out
   * images confirmed can take its place.
   */
  public static boolean canTakeLarger(OpenRun run) {
    return Verification.read(run.folder().verification())
            .rejectsPruned(ExportManifest.read(run.folder().export()))
        && !PlanFile.read(run.folder().plan()).larger().isEmpty();
  }

  /** Puts the next larger network in the place of the one that test images rejected. */
  public static void takeLarger(OpenRun run, Listener listener) {
    Verification rejected = Verification.read(run.folder().verification());
    Optional<FileCheck> best = rejected.bestPruned(ExportManifest.read(run.folder().export()));
    double seconds = run.record().seconds(Stage.PRUNE);
    StageWork.run(
        run,
        Stage.PRUNE,
        listener,
        fresh -> {
          Plan plan =
              LargerNetworks.promoteNext(
                  run.folder().prune(),
                  fresh,
                  best.map(FileCheck::accuracy).orElse(null),
                  best.map(rejected::loss).orElse(null));
          return new StageWork.Done(
              "test images reject that network; the next larger one takes its place: "
                  + summary(plan, run),
              seconds);
        });
  }

  private static String summary(Plan plan, OpenRun run) {
    PlanSummary found = plan.summary();
    return String.format(
        Locale.ROOT,
        "%d kept, %d binarized, %d dropped of %d blocks  %s on held-out images, %s %s: %s%s",
        plan.count(Decision.KEEP),
        plan.count(Decision.BINARIZE),
        plan.count(Decision.DROP),
        plan.blocks().size(),
        Words.percent(found.heldOutAccuracy()),
        OriginalNetwork.of(run.folder()).isPresent() ? "network as it came" : "full network",
        Words.percent(found.fullHeldOutAccuracy()),
        found.loss().inWords(),
        found.promise() == null
            ? ""
            : String.format(
                Locale.ROOT,
                ", at most %.2f lost with %.0f %% confidence",
                found.promise().maxDrop(),
                100 * found.promise().confidence()));
  }

  /** Writes the list of the members, and the chosen one's files beside it. */
  private static String written(Family family, RunFolder folder, Path fresh) {
    for (Path file : List.of(folder.plan(), folder.prunedModel(), folder.fineTuning())) {
      Path name = file.getFileName();
      copy(fresh.resolve(family.chosen()).resolve(name), fresh.resolve(name));
    }
    family.write(fresh.resolve(folder.family().getFileName()));
    return family.members().stream()
        .map(
            member ->
                member.name()
                    + " "
                    + Words.bytes(member.summary().bytes())
                    + " "
                    + Words.percent(member.summary().heldOutAccuracy()))
        .collect(Collectors.joining(", ", "", " on held-out images; chosen: " + family.chosen()));
  }

  private static void copy(Path from, Path to) {
    try {
      // Where fine-tuning did not help there is no history of it.
      if (Files.exists(from)) {
        Files.copy(from, to);
      }
    } catch (IOException e) {
      throw new BadInputException(
          to + ": cannot be written (" + IoReason.of(e) + "); free space and prune again", e);
    }
  }
}
