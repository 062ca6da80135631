package shallows.prune.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import shallows.data.evaluation.AccuracyLoss;
import shallows.model.BadInputException;
import shallows.model.json.JsonFormat;

/**
 * What becomes of every residual block of a network, and the way there. People may edit the
 * decisions and have the plan applied; everything else is there to tell them why.
 *
 * @param network its name
 * @param fitted whether layers were, in closed form, so that what a dropped block lacks was
 *     repaired by others too
 * @param summary what the plan was made for, and what came of it
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
    boolean fitted,
    PlanSummary summary,
    List<BlockDecision> blocks,
    List<PlanStep> curve,
    List<LargerNetworks.Entry> larger,
    List<LargerNetworks.Rejected> rejected) {
  private static final JsonFormat<Plan> JSON =
      new JsonFormat<>(Plan.class, "a plan", "mend it, or prune the run again");

  public Plan {
    blocks = List.copyOf(blocks);
    curve = List.copyOf(curve);
    larger = List.copyOf(larger);
    rejected = List.copyOf(rejected);
  }

  /**
   * The same of a network that takes the place of another one.
   *
   * @param before the plan of that one
   * @param others all that were rejected, that one last
   * @param left networks that are larger still
   */
  Plan insteadOf(
      Plan before, List<LargerNetworks.Rejected> others, List<LargerNetworks.Entry> left) {
    AccuracyLoss test = others.get(others.size() - 1).testLoss();
    List<BlockDecision> told = new ArrayList<>();
    for (int b = 0; b < blocks.size(); b++) {
      BlockDecision there = before.blocks.get(b);
      BlockDecision here = blocks.get(b);
      if (here.decision() != there.decision()) {
        here = here.because(new Reason.Rejected(there.decision(), test));
      } else {
        // What the one before had because of those before it holds here too.
        for (Reason reason : there.reasons()) {
          here = reason instanceof Reason.Rejected ? here.because(reason) : here;
        }
      }
      told.add(here);
    }
    return new Plan(network, fitted, summary, told, curve, left, others);
  }

  /** The decisions by block name. */
  public Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new TreeMap<>();
    blocks.forEach(block -> decisions.put(block.name(), block.decision()));
    return decisions;
  }

  /** For example {@code 5 kept, 9 binarized (4 of them narrowed), 1 dropped}. */
  public String inWords() {
    return Arrays.stream(Decision.values())
        .filter(each -> !each.isFitted() || count(each) > 0)
        .map(
            each ->
                count(each) + " " + each.done() + (each == Decision.BINARIZE ? narrowedToo() : ""))
        .collect(Collectors.joining(", "));
  }

  /** To follow a number of binary blocks; empty where none of them is narrow. */
  public String narrowedToo() {
    long both =
        blocks.stream()
            .filter(block -> block.decision() == Decision.BINARIZE && block.width() != null)
            .count();
    if (both == 0) {
      return "";
    }
    return both == count(Decision.BINARIZE)
        ? " (narrowed too)"
        : " (" + both + " of them narrowed)";
  }

  /** How many blocks the decision befalls. */
  public long count(Decision decision) {
    return blocks.stream().filter(block -> block.decision() == decision).count();
  }

  /** As JSON, indented for people. */
  public void write(Path file) {
    JSON.write(this, file);
  }

  /**
   * @throws BadInputException when the file is missing, is no JSON or is no plan
   */
  public static Plan read(Path file) {
    return JSON.read(file);
  }
}
