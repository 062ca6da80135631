package shallows.pipeline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.export.ExportManifest;
import shallows.export.NetworkForm;
import shallows.export.quantize.calibrate.Calibrated;
import shallows.export.quantize.calibrate.LayerCost;
import shallows.model.graph.Graph;
import shallows.model.onnx.read.OnnxReader;
import shallows.model.onnx.read.ReadOptions;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.folder.RunRecord;
import shallows.pipeline.folder.Stage;
import shallows.pipeline.stage.Earlier;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Plan;
import shallows.train.evidence.SurvivalStatistics;

/**
 * A network and what is known of its blocks.
 *
 * @param graph whose blocks these are
 * @param survival what was measured of the blocks; empty where nothing was
 * @param decisions on the blocks by name; empty where nothing was decided
 * @param pruned what the decisions made of the graph, where they were carried out
 * @param layers what 8 bits cost in each layer of that, where the export has measured it; else
 *     empty
 */
public record Inspection(
    Graph graph,
    Optional<SurvivalStatistics> survival,
    Map<String, BlockDecision> decisions,
    Optional<Graph> pruned,
    List<LayerCost> layers) {

  /** The network of an ONNX file. */
  public static Inspection of(Path file) {
    return of(file, ReadOptions.OF_FILE);
  }

  /** The same, with what the file leaves open. */
  public static Inspection of(Path file, ReadOptions options) {
    Graph graph = OnnxReader.imported(file, options).graph();
    return new Inspection(graph, Optional.empty(), Map.of(), Optional.empty(), List.of());
  }

  /** The trained network of a run, with whatever later stages have found out. */
  static Inspection of(RunFolder run) {
    RunRecord record = RunRecord.read(run.record());
    for (Stage stage : Stage.PRUNE.andEarlier()) {
      Earlier.requireUnchanged(run, record, stage);
    }
    Graph full = OnnxReader.read(run.fullModel());
    Optional<SurvivalStatistics> survival =
        Files.exists(run.survival())
            ? Optional.of(SurvivalStatistics.read(run.survival()))
            : Optional.empty();
    Map<String, BlockDecision> decisions = new HashMap<>();
    Optional<Graph> pruned = Optional.empty();
    if (Files.exists(run.prunedModel())) {
      Plan plan = Plan.read(run.plan());
      plan.blocks().forEach(block -> decisions.put(block.name(), block));
      pruned = Optional.of(OnnxReader.read(run.prunedModel()));
    }
    return new Inspection(full, survival, decisions, pruned, layers(run, record));
  }

  private static List<LayerCost> layers(RunFolder run, RunRecord record) {
    if (record.outputs(Stage.EXPORT).isEmpty()) {
      return List.of();
    }
    Earlier.requireUnchanged(run, record, Stage.EXPORT);
    // The network that is shipped comes first of those that were pruned.
    return ExportManifest.read(run.export()).files().stream()
        .filter(file -> file.network() == NetworkForm.PRUNED)
        .flatMap(file -> file.scalesIn(run.export()).stream())
        .findFirst()
        .map(Calibrated::layers)
        .orElse(List.of());
  }
}
