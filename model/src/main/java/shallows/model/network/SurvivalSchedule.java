package shallows.model.network;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.BadInputException;
import shallows.model.Setting;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Operation;
import shallows.model.graph.Rewrites;

/**
 * The probability that a residual block survives a training step, by depth: Huang et al. 2016,
 * "Deep networks with stochastic depth", section 3.
 *
 * @param kind how the probability changes with depth, and what a gate is for
 * @param last p_L, the probability of the deepest block, in (0, 1]
 * @param price what a block has to earn where probabilities are learned; null for the other kinds
 */
public record SurvivalSchedule(Kind kind, double last, BlockPrice price) {
  /** Where learned probabilities begin: most blocks run, and all of them are off often enough. */
  public static final double LEARNING_BEGINS = 0.8;

  private static final Pattern FIXED =
      Pattern.compile("(uniform|linear|per-sample):(\\d*\\.?\\d+)|none");
  private static final Pattern LEARNED =
      Pattern.compile("learned:(\\d*\\.?\\d+(?:[eE]-?\\d+)?)(?::(macs|bytes))?");

  /** How the probability changes with depth. */
  public enum Kind {
    /** p_l = 1: nothing is ever off. */
    NONE,
    /** p_l = p_L. */
    UNIFORM,
    /** p_l = 1 − (l / L)·(1 − p_L), for block l of L, counted from 1. */
    LINEAR,
    /**
     * p_l = 1 − ((l − 1) / (L − 1))·(1 − p_L), as timm spaces the rates of its {@code DropPath}:
     * the first block always survives. Each image of a batch has gates of its own, so every branch
     * is computed for all images and no time is saved.
     */
    PER_SAMPLE,
    /** p_l = p_L at first, then learned from what each block is worth against its price. */
    LEARNED
  }

  public SurvivalSchedule {
    if (!(last > 0 && last <= 1)) {
      throw new IllegalArgumentException(
          "a survival probability must lie in (0, 1], found " + last);
    }
    if ((kind == Kind.LEARNED) != (price != null)) {
      throw new IllegalArgumentException("learned survival, and no other, has a price");
    }
  }

  /**
   * @param text {@code linear:0.5}, {@code uniform:0.8}, {@code per-sample:0.5}, {@code
   *     learned:0.01}, {@code learned:0.01:bytes}, or {@code none} for a depth that never changes
   * @throws BadInputException when it is none of these
   */
  public static SurvivalSchedule parse(String text) {
    Matcher learned = LEARNED.matcher(text);
    double price = learned.matches() ? Double.parseDouble(learned.group(1)) : Double.NaN;
    if (Double.isFinite(price)) {
      String resource = learned.group(2) == null ? "macs" : learned.group(2);
      return new SurvivalSchedule(
          Kind.LEARNED,
          LEARNING_BEGINS,
          new BlockPrice(price, BlockPrice.Resource.valueOf(resource.toUpperCase(Locale.ROOT))));
    }
    Matcher fixed = FIXED.matcher(text);
    if (fixed.matches()) {
      if (fixed.group(1) == null) {
        return new SurvivalSchedule(Kind.NONE, 1, null);
      }
      double last = Double.parseDouble(fixed.group(2));
      if (last > 0 && last <= 1) {
        return new SurvivalSchedule(kind(fixed.group(1)), last, null);
      }
    }
    throw new BadInputException(
        Setting.SURVIVAL,
        "linear:P, uniform:P or per-sample:P with P in (0, 1], learned:PRICE with :macs or :bytes"
            + " behind it or not, or none",
        "'" + text + "'",
        "take linear:0.5, for example");
  }

  private static Kind kind(String word) {
    return Kind.valueOf(word.replace('-', '_').toUpperCase(Locale.ROOT));
  }

  /**
   * @param block l, counted from 1
   * @param blocks L
   */
  public double probability(int block, int blocks) {
    return switch (kind) {
      case NONE, UNIFORM, LEARNED -> last;
      case LINEAR -> 1 - (double) block / blocks * (1 - last);
      // A single block is the last one.
      case PER_SAMPLE -> blocks == 1 ? last : 1 - (block - 1.0) / (blocks - 1) * (1 - last);
    };
  }

  /** Sets the factor at the end of each block's branch to the block's probability. */
  public Graph applyTo(Graph graph) {
    double[] probabilities = new double[graph.blocks().size()];
    for (int b = 0; b < probabilities.length; b++) {
      probabilities[b] = probability(b + 1, probabilities.length);
    }
    return withProbabilities(graph, probabilities);
  }

  /**
   * Sets the factor at the end of each block's branch.
   *
   * @param probabilities one a block, shallowest first
   * @throws IllegalArgumentException when a branch does not end in a {@link Operation.Scale}
   */
  public static Graph withProbabilities(Graph graph, double[] probabilities) {
    Map<String, Operation> scales = new HashMap<>();
    for (int b = 0; b < probabilities.length; b++) {
      Block block = graph.blocks().get(b);
      if (!graph.hasNode(block.branch())
          || !(graph.node(block.branch()).operation() instanceof Operation.Scale)) {
        throw new IllegalArgumentException(
            "block '" + block.name() + "' has no Scale at the end of its branch");
      }
      scales.put(block.branch(), new Operation.Scale((float) probabilities[b]));
    }
    return Rewrites.withOperations(graph, scales);
  }
}
