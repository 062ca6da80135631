package shallows.pipeline.report;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import shallows.prune.plan.BlockDecision;
import shallows.prune.plan.Decision;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/**
 * A block in the strip and in its table, by the names that the template asks with.
 *
 * @param block what became of it
 * @param row what is known of it; null where nothing is
 * @param largest bytes of the largest block
 */
record BlockView(BlockDecision block, BlockStatistics row, long largest) {
  /** One bit is left of the 32 of a weight. */
  private static final double BINARY_SHARE = 1.0 / 32;

  /** Of two 3x3 convolutions one of 1x1 is left. */
  private static final double LINEAR_SHARE = 1.0 / 18;

  /** Of a factor and an offset a channel next to nothing is left. */
  private static final double SCALE_SHARE = 0.01;

  static List<BlockView> of(Report report) {
    List<BlockDecision> blocks = report.plan().blocks();
    long largest = blocks.stream().mapToLong(BlockDecision::bytes).max().orElse(0);
    Map<String, BlockStatistics> rows =
        report.survival().blocks().stream()
            .collect(Collectors.toMap(BlockStatistics::name, Function.identity(), (a, b) -> a));
    return blocks.stream()
        .map(block -> new BlockView(block, rows.get(block.name()), largest))
        .toList();
  }

  String name() {
    return block.name();
  }

  String stage() {
    int slash = name().lastIndexOf('/');
    return slash < 0 ? "" : name().substring(0, slash);
  }

  /** {@code 7} of {@code block07}: there is no room for more under a column. */
  String number() {
    String last = name().substring(name().lastIndexOf('/') + 1);
    String digits = last.replaceAll("^.*?(\\d*)$", "$1").replaceFirst("^0+(?=\\d)", "");
    return digits.isEmpty() ? last : digits;
  }

  String decision() {
    return block.decision().inWords();
  }

  String done() {
    String done = block.decision().done();
    if (block.width() == null) {
      return done;
    }
    String narrowed = Decision.NARROW.done() + " to " + Figures.fixed(block.width(), 2);
    return block.decision() == Decision.NARROW ? narrowed : narrowed + " and " + done;
  }

  /** Of the column: its share in [0, 1] of the bytes of the largest block. */
  String height() {
    return Figures.fixed(largest == 0 ? 0 : (double) block.bytes() / largest, 4);
  }

  /** Share in [0, 1] of the column that is shipped. */
  String left() {
    double left =
        switch (block.decision()) {
          case KEEP -> 1;
          case BINARIZE -> BINARY_SHARE * (block.width() == null ? 1 : block.width());
          case NARROW -> block.width();
          case LINEAR -> LINEAR_SHARE;
          case SCALE -> SCALE_SHARE;
          case DROP -> 0;
        };
    return Figures.fixed(left, 4);
  }

  String survival() {
    return Figures.fixed(block.survival(), 2);
  }

  String steps() {
    return row == null
        ? Figures.NOT_MEASURED
        : Figures.whole(row.on()) + " / " + Figures.whole(row.off());
  }

  String effect() {
    return Figures.measured(block.effect(), Figures::loss);
  }

  String error() {
    return interval(block.standardError());
  }

  String leaveOneOut() {
    return score(BlockStatistics::leaveOneOut);
  }

  String leaveOneOutError() {
    return interval(row == null ? null : row.leaveOneOutError());
  }

  String taylor() {
    return score(BlockStatistics::taylor);
  }

  String secondOrder() {
    return score(BlockStatistics::secondOrder);
  }

  String l1() {
    return score(BlockStatistics::l1);
  }

  String gamma() {
    return score(BlockStatistics::gamma);
  }

  String macs() {
    return Figures.count(block.macs());
  }

  String bytes() {
    return Figures.bytes(block.bytes());
  }

  String reason() {
    return ReasonWords.of(block);
  }

  private String score(Function<BlockStatistics, Double> of) {
    return Figures.measured(row == null ? null : of.apply(row), Figures::loss);
  }

  /** Half of the 95 % interval; empty where no error is known. */
  private static String interval(Double standardError) {
    return standardError == null ? "" : "\u00b1\u00a0" + Figures.loss(1.96 * standardError);
  }
}
