package shallows.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.cli.terminal.Table;
import shallows.cli.terminal.Table.Alignment;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Precision;
import shallows.pipeline.Inspection;
import shallows.pipeline.report.Words;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.train.evidence.Evidence;
import shallows.train.evidence.SurvivalStatistics;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/** The blocks of a network with what is known of each, as lines of text. */
record BlockTable(Inspection known) {
  private static final String NOTHING = "-";

  /** The table, and totals. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        known.graph().name()
            + ": "
            + known.graph().input().shape()
            + " in, "
            + known.graph().classes()
            + " classes, "
            + known.graph().blocks().size()
            + " residual blocks");
    if (known.graph().blocks().isEmpty()) {
      lines.add("no part of it can be dropped as a block; it can be exported, also in 8 bits");
    } else {
      lines.addAll(blockRows().lines());
    }
    known.survival().ifPresent(measured -> lines.addAll(correlations(measured)));
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
    long all = Math.max(1, Cost.of(known.graph()).macs());
    for (Block block : known.graph().blocks()) {
      Cost cost = Cost.of(known.graph(), block);
      BlockStatistics measured = measured(block);
      table.row(
          block.name(),
          known.graph().shape(into(block)).toString(),
          known.graph().shape(block.sum()).toString(),
          String.format(Locale.ROOT, "%.2f", known.graph().survival(block)),
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
    return known.survival().stream()
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
    return known.graph().branch(block).stream()
        .findFirst()
        .map(first -> first.inputs().get(0))
        .orElse(block.shortcut());
  }

  private String decision(Block block) {
    BlockDecision decided = known.decisions().get(block.name());
    if (decided != null) {
      String word = decided.decision().inWords();
      if (decided.width() == null) {
        return word;
      }
      String narrow =
          String.format(Locale.ROOT, "%s to %.2f", Decision.NARROW.inWords(), decided.width());
      return decided.decision() == Decision.NARROW ? narrow : narrow + ", " + word;
    }
    return known.graph().precision(block) == Precision.BINARY ? "binary" : NOTHING;
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
    total(table, "total", known.graph());
    known.pruned().ifPresent(smaller -> total(table, "pruned", smaller));
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
