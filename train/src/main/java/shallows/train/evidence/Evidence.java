package shallows.train.evidence;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import shallows.train.evidence.SurvivalStatistics.BlockStatistics;

/** What a block's worth can be told by; each is held against leave-one-out, which measures it. */
public enum Evidence {
  /** {@link BlockEffects}, as far as it reaches into the ensemble. */
  EFFECT("effect from training × survival", BlockStatistics::effectInEnsemble),
  /** {@link BlockScores}, and the three below. */
  SECOND_ORDER("second-order Taylor score", BlockStatistics::secondOrder),
  TAYLOR("Taylor score", BlockStatistics::taylor),
  L1("mean |weight| (L1)", BlockStatistics::l1),
  GAMMA("mean |γ| of its last batch norm", BlockStatistics::gamma),
  /** The deeper, the less: what one would guess without any measurement. */
  DEPTH("depth alone", null);

  private final String words;
  private final Function<BlockStatistics, Double> value;

  Evidence(String words, Function<BlockStatistics, Double> value) {
    this.words = words;
    this.value = value;
  }

  /** For people. */
  public String inWords() {
    return words;
  }

  /**
   * Spearman's rank correlation with leave-one-out over the blocks that have both, in [−1, 1];
   * empty where fewer than three have, or all are alike.
   */
  public OptionalDouble rankCorrelation(SurvivalStatistics statistics) {
    List<BlockStatistics> blocks = statistics.blocks();
    double[][] both =
        IntStream.range(0, blocks.size())
            .filter(b -> blocks.get(b).leaveOneOut() != null && of(blocks, b) != null)
            .mapToObj(b -> new double[] {of(blocks, b), blocks.get(b).leaveOneOut()})
            .toArray(double[][]::new);
    return RankCorrelation.of(column(both, 0), column(both, 1));
  }

  private Double of(List<BlockStatistics> blocks, int block) {
    return this == DEPTH ? Double.valueOf(-block) : value.apply(blocks.get(block));
  }

  private static double[] column(double[][] rows, int column) {
    return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
  }
}
