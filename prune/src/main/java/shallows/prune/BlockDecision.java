package shallows.prune;

/**
 * One block's row in the plan.
 *
 * @param name of the block
 * @param survival probability in training, in [0, 1]
 * @param effect what the training steps say the block is worth, in units of the loss, positive
 *     where dropping it hurts; null where no step tells
 * @param standardError of the effect; null where no step tells
 * @param macs multiply-accumulates of the block's branch in the full network, for one image
 * @param bytes of the branch's weights in the full network
 * @param reason in words, with the figures that decided
 */
public record BlockDecision(
    String name,
    Decision decision,
    double survival,
    Double effect,
    Double standardError,
    long macs,
    long bytes,
    String reason) {
  public BlockDecision {
    if (name == null) {
      throw new IllegalArgumentException("a block without a name");
    }
    if (decision == null) {
      throw new IllegalArgumentException(
          "block '" + name + "' without a decision (keep, binarize or drop)");
    }
  }
}
