package shallows.train.options;

import shallows.model.Expect;
import shallows.model.network.BlockPrice;
import shallows.model.network.SurvivalSchedule;

/**
 * How blocks are switched off in training. How likely each is on stands in the graph, as the factor
 * at the end of its branch.
 *
 * @param gates what draws them
 * @param price what a block has to earn; null unless the probabilities are learned
 */
public record StochasticDepth(Gates gates, BlockPrice price) {
  /** Every block always runs, its branch scaled by its factor. */
  public static final StochasticDepth NONE = new StochasticDepth(Gates.NONE, null);

  /** One gate for each block and batch: a block that is off costs nothing (Huang et al. 2016). */
  public static final StochasticDepth PER_BATCH = new StochasticDepth(Gates.PER_BATCH, null);

  /**
   * One gate for each block and image, as timm's {@code DropPath}. It saves no time, and the steps
   * tell nothing of the blocks' worth, since every block runs in each of them.
   *
   * <p>{@code DropPath} divides the branches it keeps by p and leaves them alone at test time. Here
   * they are kept as they are, and multiplied by p at test time, as everywhere in this program. The
   * two differ by a constant factor of the branch, which the last batch norm's γ takes in.
   */
  public static final StochasticDepth PER_SAMPLE = new StochasticDepth(Gates.PER_SAMPLE, null);

  /** What draws the gates. */
  public enum Gates {
    NONE,
    PER_BATCH,
    PER_SAMPLE,
    /** As per batch, by probabilities that change while the network trains. */
    LEARNED
  }

  public StochasticDepth {
    Expect.require(
        (gates == Gates.LEARNED) == (price != null),
        "price",
        "one for learned gates and for no other",
        price);
  }

  public static StochasticDepth learned(BlockPrice price) {
    return new StochasticDepth(Gates.LEARNED, price);
  }

  /** What a schedule asks for. */
  public static StochasticDepth of(SurvivalSchedule schedule) {
    return switch (schedule.kind()) {
      // Without an off block there is nothing to draw; as gates, so that the log tells of each.
      case NONE, UNIFORM, LINEAR -> PER_BATCH;
      case PER_SAMPLE -> PER_SAMPLE;
      case LEARNED -> learned(schedule.price());
    };
  }

  /** Whether any block may be off. */
  public boolean isOn() {
    return gates != Gates.NONE;
  }
}
