package shallows.prune;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What becomes of every residual block of a network, and the way there. People may edit the
 * decisions and have the plan applied; everything else is there to tell them why.
 *
 * @param network its name
 * @param summary what the plan was made for; null in plans of before
 * @param blocks one row a block, shallowest first
 * @param curve the full network, then one step for each block that was dropped, in the order it
 *     happened; before binarization and fine-tuning
 * @param larger networks that take the place of this one where test images reject it, smallest
 *     first
 * @param rejected networks that this one has taken the place of; where there is one, test images
 *     had a part in choosing this one
 */
public record Plan(
    String network,
    PlanSummary summary,
    List<BlockDecision> blocks,
    List<PlanStep> curve,
    List<LargerNetworks.Entry> larger,
    List<LargerNetworks.Rejected> rejected) {
  public Plan {
    if (network == null || blocks == null || curve == null) {
      throw new IllegalArgumentException("one without a network, blocks or a curve");
    }
    blocks = List.copyOf(blocks);
    curve = List.copyOf(curve);
    larger = larger == null ? List.of() : List.copyOf(larger);
    rejected = rejected == null ? List.of() : List.copyOf(rejected);
    Set<String> names = new HashSet<>();
    for (BlockDecision block : blocks) {
      if (!names.add(block.name())) {
        throw new IllegalArgumentException("block '" + block.name() + "' twice");
      }
    }
  }

  /** The same of a network that takes the place of others. */
  Plan after(List<LargerNetworks.Rejected> others, List<LargerNetworks.Entry> left) {
    return new Plan(network, summary, blocks, curve, left, others);
  }

  /** The decisions by block name. */
  public Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new TreeMap<>();
    blocks.forEach(block -> decisions.put(block.name(), block.decision()));
    return decisions;
  }

  /** How many blocks the decision befalls. */
  public long count(Decision decision) {
    return blocks.stream().filter(block -> block.decision() == decision).count();
  }
}
