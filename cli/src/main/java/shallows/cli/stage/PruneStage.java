package shallows.cli.stage;

import java.util.Locale;
import java.util.OptionalLong;
import shallows.cli.folder.OpenRun;
import shallows.cli.folder.PruneSettings;
import shallows.cli.folder.Stage;
import shallows.cli.terminal.Console;
import shallows.cli.terminal.Words;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.onnx.OnnxReader;
import shallows.model.progress.Progress;
import shallows.prune.Budget;
import shallows.prune.Decision;
import shallows.prune.Limit;
import shallows.prune.PruneOptions;
import shallows.prune.PrunedNetwork;
import shallows.prune.Pruner;
import shallows.train.Compute;
import shallows.train.statistics.SurvivalStatistics;

/**
 * From the trained network and its statistics to {@code prune/model.onnx}, the smaller one, and
 * {@code prune/plan.json}, why it is as it is.
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
      Console console,
      Progress progress) {
    Graph full = OnnxReader.read(run.folder().fullModel());
    SurvivalStatistics statistics = SurvivalStatistics.read(run.folder().survival());
    PruneOptions options =
        new PruneOptions(
            budget(settings, Cost.of(full)),
            settings.fineTuneEpochs(),
            run.record().train().seed(),
            compute);
    StageWork.run(
        run,
        Stage.PRUNE,
        record -> record.withPrune(settings),
        console,
        fresh -> {
          PrunedNetwork pruned =
              new Pruner(full, statistics, images.train(), images.heldOut(), options)
                  .prune(fresh, progress);
          String summary =
              String.format(
                  Locale.ROOT,
                  "%d kept, %d binarized, %d dropped of %d blocks  %s on held-out images, full network %s",
                  pruned.plan().count(Decision.KEEP),
                  pruned.plan().count(Decision.BINARIZE),
                  pruned.plan().count(Decision.DROP),
                  full.blocks().size(),
                  Words.percent(pruned.heldOutAccuracy()),
                  Words.percent(pruned.fullHeldOutAccuracy()));
          return new StageWork.Done(summary, 0);
        });
  }

  private static Budget budget(PruneSettings settings, Cost full) {
    return new Budget(
        settings.maxDrop(),
        limit("--max-bytes", settings.maxBytes(), full.bytes()),
        limit("--max-macs", settings.maxMacs(), full.macs()));
  }

  private static OptionalLong limit(String option, String text, long full) {
    return text == null
        ? OptionalLong.empty()
        : OptionalLong.of(Limit.parse(option, text).of(full));
  }
}
