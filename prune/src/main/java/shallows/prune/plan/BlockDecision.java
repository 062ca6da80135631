package shallows.prune.plan;

import java.util.List;
import java.util.stream.Stream;
import shallows.model.json.OrNull;

/**
 * One block's row in the plan.
 *
 * @param name of the block
 * @param width of a narrow block, perhaps a binary one, the share of its inner channels that stays;
 *     else null
 * @param survival probability in training, in [0, 1]
 * @param effect what the training steps say the block is worth, in units of the loss, positive
 *     where dropping it hurts; null where no step tells
 * @param standardError of the effect; null where no step tells
 * @param macs multiply-accumulates of the block's branch in the full network, for one image
 * @param bytes of the branch's weights in the full network
 * @param reasons for the decision, in the order they came up
 */
public record BlockDecision(
    String name,
    Decision decision,
    @OrNull Double width,
    double survival,
    @OrNull Double effect,
    @OrNull Double standardError,
    long macs,
    long bytes,
    List<Reason> reasons) {
  public BlockDecision {
    reasons = List.copyOf(reasons);
  }

  /** The same with one more reason. */
  BlockDecision because(Reason reason) {
    return new BlockDecision(
        name,
        decision,
        width,
        survival,
        effect,
        standardError,
        macs,
        bytes,
        Stream.concat(reasons.stream(), Stream.of(reason)).toList());
  }
}
