package shallows.model.network;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;

/**
 * The probability that a residual block survives a training step, by depth: Huang et al. 2016,
 * "Deep networks with stochastic depth", section 3.
 *
 * @param kind how the probability changes with depth
 * @param last p_L, the probability of the deepest block, in (0, 1]
 */
public record SurvivalSchedule(Kind kind, double last) {
  private static final Pattern TEXT = Pattern.compile("(uniform|linear):(\\d*\\.?\\d+)|none");

  /** How the probability changes with depth. */
  public enum Kind {
    /** p_l = p_L. */
    UNIFORM,
    /** p_l = 1 − (l / L)·(1 − p_L), for block l of L, counted from 1. */
    LINEAR
  }

  public SurvivalSchedule {
    if (!(last > 0 && last <= 1)) {
      throw new IllegalArgumentException(
          "a survival probability must lie in (0, 1], found " + last);
    }
  }

  /**
   * @param text {@code linear:0.5}, {@code uniform:0.8}, or {@code none} for a depth that never
   *     changes
   * @throws BadInputException when it is none of these
   */
  public static SurvivalSchedule parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      if (matcher.group(1) == null) {
        return new SurvivalSchedule(Kind.UNIFORM, 1);
      }
      double last = Double.parseDouble(matcher.group(2));
      if (last > 0 && last <= 1) {
        Kind kind = matcher.group(1).equals("linear") ? Kind.LINEAR : Kind.UNIFORM;
        return new SurvivalSchedule(kind, last);
      }
    }
    throw new BadInputException(
        "survival '"
            + text
            + "' is not understood; expected linear:P or uniform:P with P in (0, 1], or none, for"
            + " example linear:0.5");
  }

  /**
   * @param block l, counted from 1
   * @param blocks L
   */
  public double probability(int block, int blocks) {
    return kind == Kind.UNIFORM ? last : 1 - (double) block / blocks * (1 - last);
  }

  /** Sets the factor at the end of each block's branch to the block's probability. */
  public Graph applyTo(Graph graph) {
    Map<String, Operation> scales = new HashMap<>();
    int depth = 0;
    for (Block block : graph.blocks()) {
      depth++;
      if (!graph.hasNode(block.branch())
          || !(graph.node(block.branch()).operation() instanceof Operation.Scale)) {
        throw new IllegalArgumentException(
            "block '" + block.name() + "' has no Scale at the end of its branch");
      }
      float probability = (float) probability(depth, graph.blocks().size());
      scales.put(block.branch(), new Operation.Scale(probability));
    }
    return Rewrites.withOperations(graph, scales);
  }
}
