package shallows.bench;

import java.util.List;
import shallows.model.json.OrNull;

/**
 * What came of a {@link SurvivalJob}.
 *
 * @param activeAtTheEnd mean of the survival probabilities that training ended with
 * @param activeOverAll mean share of the blocks that were on, over all steps
 * @param seconds of training, on whatever machine and beside whatever else
 * @param survivals probability of each block at the end, shallowest first
 * @param dropped at k, the network less k blocks; at 0 that of full depth
 */
record SurvivalResult(
    double activeAtTheEnd,
    double activeOverAll,
    double seconds,
    List<Float> survivals,
    List<Dropped> dropped) {

  /**
   * The network after one block more was dropped, batch norm measured anew, not fine-tuned.
   *
   * @param block that was dropped last; null at full depth
   * @param heldOutAccuracy on the images that chose the block
   * @param testAccuracy on images that chose nothing
   */
  record Dropped(@OrNull String block, double heldOutAccuracy, double testAccuracy) {}
}
