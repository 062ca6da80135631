package shallows.pipeline.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import shallows.pipeline.report.Report.BlockDecision;
import shallows.pipeline.report.Report.Decision;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/**
 * A block in the strip and in its table.
 *
 * @param height of the column: its share in [0, 1] of the bytes of the largest block
 * @param left share in [0, 1] of the column that is shipped
 */
record BlockView(
    String name,
    String stage,
    String number,
    String decision,
    String done,
    String height,
    String left,
    String survival,
    String steps,
    String effect,
    String error,
    String leaveOneOut,
    String leaveOneOutError,
    String taylor,
    String secondOrder,
    String l1,
    String gamma,
    String macs,
    String bytes,
    String reason) {

  /** One bit is left of the 32 of a weight. */
  private static final double BINARY_SHARE = 1.0 / 32;

  private static final String NOT_MEASURED = "\u2013";

  static List<BlockView> of(ReportContent content) {
    List<BlockDecision> blocks = content.report().pruned().blocks();
    long largest = blocks.stream().mapToLong(BlockDecision::bytes).max().orElse(0);
    Map<String, BlockStatistics> rows =
        content.survival().blocks().stream()
            .collect(Collectors.toMap(BlockStatistics::name, Function.identity(), (a, b) -> a));
    return blocks.stream().map(block -> of(block, largest, rows.get(block.name()))).toList();
  }

  private static BlockView of(BlockDecision block, long largest, BlockStatistics row) {
    Decision decision = block.decision();
    int slash = block.name().lastIndexOf('/');
    return new BlockView(
        block.name(),
        slash < 0 ? "" : block.name().substring(0, slash),
        number(block.name().substring(slash + 1)),
        decision.name().toLowerCase(Locale.ROOT),
        decision == Decision.KEEP ? "kept" : decision == Decision.DROP ? "dropped" : "binarized",
        Figures.fixed(largest == 0 ? 0 : (double) block.bytes() / largest, 4),
        Figures.fixed(
            decision == Decision.KEEP ? 1 : decision == Decision.DROP ? 0 : BINARY_SHARE, 4),
        Figures.fixed(block.survival(), 2),
        row == null ? NOT_MEASURED : Figures.whole(row.on()) + " / " + Figures.whole(row.off()),
        block.effect() == null ? NOT_MEASURED : Figures.loss(block.effect()),
        interval(block.standardError()),
        row == null ? NOT_MEASURED : Figures.measured(row.leaveOneOut(), Figures::loss),
        row == null ? "" : interval(row.leaveOneOutError()),
        row == null ? NOT_MEASURED : Figures.measured(row.taylor(), Figures::loss),
        row == null ? NOT_MEASURED : Figures.measured(row.secondOrder(), Figures::loss),
        row == null ? NOT_MEASURED : Figures.measured(row.l1(), Figures::loss),
        row == null ? NOT_MEASURED : Figures.measured(row.gamma(), Figures::loss),
        Figures.count(block.macs()),
        Figures.bytes(block.bytes()),
        block.reason());
  }

  /** Half of the 95 % interval; empty where no error is known. */
  private static String interval(Double standardError) {
    return standardError == null ? "" : "\u00b1\u00a0" + Figures.loss(1.96 * standardError);
  }

  /** {@code 7} of {@code block07}: there is no room for more under a column. */
  private static String number(String name) {
    String digits = name.replaceAll("^.*?(\\d*)$", "$1").replaceFirst("^0+(?=\\d)", "");
    return digits.isEmpty() ? name : digits;
  }
}
