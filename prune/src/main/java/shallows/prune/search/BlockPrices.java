package shallows.prune.search;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.prune.plan.Decision;
import shallows.prune.plan.Form;

/**
 * Whoever measures elsewhere what cuts and forms of blocks cost, and finds the same as {@link
 * AccuracyMeter} and {@link FormMeter} here, to the bit. Either is empty where there is too little
 * to do for it to be given away.
 */
public interface BlockPrices {
  /**
   * What is left of a network where one of its blocks is cut.
   *
   * @param current the network
   * @param blocks of it that are cut, each alone
   * @param decision that befalls them
   * @return the answers of what is left, in the order of the blocks
   */
  Optional<List<Answers>> ofCuts(Graph current, List<Block> blocks, Decision decision);

  /**
   * What {@link FormMeter#measure} finds.
   *
   * @param original the network that is made smaller
   * @param current what was made of it by now
   * @param forms that it was made with
   * @param blocks to try forms of, by name
   * @param menu of these forms
   */
  Optional<List<FormPrice>> ofForms(
      Graph original,
      Graph current,
      Map<String, Form> forms,
      Set<String> blocks,
      Set<Decision> menu);

  /**
   * What a network says of the images that choose.
   *
   * @param losses the cross-entropy of each image, in nats
   * @param right whether the network gets each of them right
   */
  record Answers(double[] losses, boolean[] right) {}
}
