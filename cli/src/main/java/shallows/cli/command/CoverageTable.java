package shallows.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import shallows.model.onnx.read.OnnxCoverage;
import shallows.model.onnx.read.OnnxCoverage.Fate;

/** What became of a file's nodes, a row for each operator, and why those are refused that are. */
final class CoverageTable {
  private static final String ROW = "%-28s %8s %8s %8s %8s %8s";

  private final OnnxCoverage coverage;

  CoverageTable(OnnxCoverage coverage) {
    this.coverage = coverage;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT, ROW, "operator", "read", "constant", "unused", "refused", "behind"));
    for (OnnxCoverage.Operator operator : coverage.operators()) {
      lines.add(
          String.format(
              Locale.ROOT,
              ROW,
              operator.name(),
              count(operator, Fate.READ),
              count(operator, Fate.FOLDED),
              count(operator, Fate.UNUSED),
              count(operator, Fate.REFUSED),
              count(operator, Fate.BEHIND)));
      operator.reasons().forEach(reason -> lines.add("  " + reason));
    }
    lines.add(
        coverage.isWhole()
            ? "all that goes out is read"
            : "not read: what is refused, and what depends on it (behind)");
    return lines;
  }

  private static String count(OnnxCoverage.Operator operator, Fate fate) {
    int nodes = operator.count(fate);
    return nodes == 0 ? "" : Integer.toString(nodes);
  }
}
