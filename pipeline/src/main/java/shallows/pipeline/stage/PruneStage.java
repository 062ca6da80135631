package shallows.pipeline.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
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
import shallows.prune.AccuracyLoss;
import shallows.prune.Decision;
import shallows.prune.Family;
import shallows.prune.Plan;
import shallows.prune.PlanFile;
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
    Optional<Plan> plan =
        Optional.ofNullable(settings.plan()).map(file -> PlanFile.read(Path.of(file)));
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
            Family family =
                Family.of(pruner.family(budget.members(), fresh, progress), settings.maxDrop());
            return new StageWork.Done(written(family, run.folder(), fresh), 0);
          }
          PrunedNetwork pruned =
              plan.isPresent()
                  ? pruner.apply(plan.get(), fresh, progress)
                  : pruner.prune(fresh, progress);
          return new StageWork.Done(summary(pruned, full, run), 0);
        });
  }

  private static String summary(PrunedNetwork pruned, Graph full, OpenRun run) {
    return String.format(
        Locale.ROOT,
        "%d kept, %d binarized, %d dropped of %d blocks  %s on held-out images, %s %s, at most"
            + " %.2f points lost with %.0f %% confidence",
        pruned.plan().count(Decision.KEEP),
        pruned.plan().count(Decision.BINARIZE),
        pruned.plan().count(Decision.DROP),
        full.blocks().size(),
        Words.percent(pruned.heldOutAccuracy()),
        OriginalNetwork.of(run.folder()).isPresent() ? "network as it came" : "full network",
        Words.percent(pruned.fullHeldOutAccuracy()),
        100 * Math.max(0, pruned.loss().atMost()),
        100 * AccuracyLoss.CONFIDENCE);
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
