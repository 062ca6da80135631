package shallows.prune.search;

import shallows.model.graph.Cost;
import shallows.prune.plan.Form;

/**
 * What a form of a block costs and saves, all else as it is.
 *
 * @param block by name
 * @param cost of the network with it
 * @param milliseconds that it saves; null where time is not limited or the block is not one of
 *     images
 * @param divergence of the network's answers from those of the original, in nats
 */
public record FormPrice(
    String block, Form form, Cost cost, Double milliseconds, double divergence) {
  /** What no form is cheaper than: with fewer nats, chance of the images decides. */
  private static final double LEAST_RISE = 1e-4;

  /**
   * The less the better.
   *
   * @param rise of the divergence, in nats
   * @param worth of what is saved, positive
   */
  static double of(double rise, double worth) {
    return Math.max(rise, LEAST_RISE) / worth;
  }
}
