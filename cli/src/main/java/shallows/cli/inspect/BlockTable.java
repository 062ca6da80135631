package shallows.cli.inspect;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Precision;
import shallows.model.onnx.read.OnnxReader;
import shallows.pipeline.folder.RunFolder;
import shallows.pipeline.report.Words;
import shallows.prune.BlockDecision;
import shallows.prune.Plan;
import shallows.prune.PlanFile;
import shallows.train.evidence.Evidence;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/**
 * The blocks of a network with what is known of each.
 *
 * @param graph whose blocks are shown
 * @param survival what was measured of the blocks; empty where nothing was
 * @param decisions on the blocks by name; empty where nothing was decided
 * @param pruned what the decisions made of the graph, where they were carried out
 */
public record BlockTable(
    Graph graph,
    Optional<SurvivalStatistics> survival,
    Map<String, BlockDecision> decisions,
    Optional<Graph> pruned) {
  private static final String NOTHING = "-";

  /** The network of an ONNX file. */
  public static BlockTable of(Path file) {
    return new BlockTable(OnnxReader.read(file), Optional.empty(), Map.of(), Optional.empty());
  }

  /** The trained network of a run, with whatever later stages have found out. */
  public static BlockTable of(RunFolder run) {
    Graph full = OnnxReader.read(run.fullModel());
    Optional<SurvivalStatistics> survival =
        Files.exists(run.survival())
            ? Optional.of(SurvivalStatistics.read(run.survival()))
            : Optional.empty();
    Map<String, BlockDecision> decisions = new HashMap<>();
    Optional<Graph> pruned = Optional.empty();
    if (Files.exists(run.prunedModel())) {
      Plan plan = PlanFile.read(run.plan());
      plan.blocks().forEach(block -> decisions.put(block.name(), block));
      pruned = Optional.of(OnnxReader.read(run.prunedModel()));
    }
    return new BlockTable(full, survival, decisions, pruned);
  }

  /** The table, and totals. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        graph.name()
            + ": "
            + graph.input().shape()
            + " in, "
            + graph.classes()
            + " classes, "
            + graph.blocks().size()
            + " residual blocks");
    if (graph.blocks().isEmpty()) {
      lines.add("no part of it can be dropped as a block; it can be exported, also in 8 bits");
    } else {
      lines.addAll(blockRows().lines());
    }
    survival.ifPresent(measured -> lines.addAll(correlations(measured)));
    lines.addAll(totals().lines());
    return lines;
  }

  private Table blockRows() {
    Table table =
        new Table(
            Alignment.LEFT,
            Alignment.LEFT,
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.RIGHT,
            Alignment.RIGHT);
    table.row(
        "block",
        "in",
        "out",
        "survival",
        "effect +/- error",
        "leave-one-out",
        "Taylor",
        "2nd order",
        "L1",
        "|gamma|",
        "decision",
        "MACs",
        "weights",
        "of all MACs");
    long all = Math.max(1, Cost.of(graph).macs());
    for (Block block : graph.blocks()) {
      Cost cost = Cost.of(graph, block);
      BlockStatistics measured = measured(block);
      table.row(
          block.name(),
          graph.shape(into(block)).toString(),
          graph.shape(block.sum()).toString(),
          String.format(Locale.ROOT, "%.2f", graph.survival(block)),
          measured == null ? NOTHING : number(measured.effect(), measured.standardError()),
          measured == null ? NOTHING : number(measured.leaveOneOut(), measured.leaveOneOutError()),
          measured == null ? NOTHING : number(measured.taylor(), null),
          measured == null ? NOTHING : number(measured.secondOrder(), null),
          measured == null ? NOTHING : number(measured.l1(), null),
          measured == null ? NOTHING : number(measured.gamma(), null),
          decision(block),
          Words.macs(cost.macs()),
          Words.bytes(cost.bytes()),
          String.format(Locale.ROOT, "%.1f %%", 100.0 * cost.macs() / all));
    }
    return table;
  }

  private BlockStatistics measured(Block block) {
    return survival.stream()
        .flatMap(all -> all.blocks().stream())
        .filter(row -> row.name().equals(block.name()))
        .findFirst()
        .orElse(null);
  }

  private static String number(Double value, Double error) {
    if (value == null) {
      return NOTHING;
    }
    String text = String.format(Locale.ROOT, "%.4f", value);
    return error == null ? text : text + String.format(Locale.ROOT, " +/- %.4f", error);
  }

  /** How well each score ranks the blocks, and how well any could. */
  private static List<String> correlations(SurvivalStatistics measured) {
    List<String> found = new ArrayList<>();
    for (Evidence evidence : Evidence.values()) {
      evidence
          .rankCorrelation(measured)
          .ifPresent(
              rho -> found.add(String.format(Locale.ROOT, "%s %.2f", evidence.inWords(), rho)));
    }
    if (found.isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    lines.add("rank correlation (Spearman) with leave-one-out: " + String.join(", ", found));
    measured
        .attainableCorrelation()
        .ifPresent(
            rho ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "the truth itself would have %.2f, as leave-one-out has errors of its own",
                        rho)));
    return lines;
  }

  /** The value that the branch begins with. */
  private String into(Block block) {
    return graph.branch(block).stream()
        .findFirst()
        .map(first -> first.inputs().get(0))
        .orElse(block.shortcut());
  }

  private String decision(Block block) {
    BlockDecision decided = decisions.get(block.name());
    if (decided != null) {
      return decided.decision().name().toLowerCase(Locale.ROOT);
    }
    return graph.precision(block) == Precision.BINARY ? "binary" : NOTHING;
  }

  private Table totals() {
    Table table =
        new Table(
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.LEFT,
            Alignment.RIGHT,
            Alignment.LEFT,
            Alignment.RIGHT);
    total(table, "total", graph);
    pruned.ifPresent(smaller -> total(table, "pruned", smaller));
    return table;
  }

  private static void total(Table table, String name, Graph network) {
    Cost cost = Cost.of(network);
    table.row(
        name,
        Words.count(cost.parameters()),
        "parameters",
        Words.macs(cost.macs()),
        "MACs",
        Words.bytes(cost.bytes()));
  }
}
