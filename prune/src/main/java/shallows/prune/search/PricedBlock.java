package shallows.prune.search;

import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.prune.plan.Reason;

/**
 * One block that could be taken from the network as it is now, and what that would do.
 *
 * @param block in question
 * @param measured the network without it
 * @param saved bytes and MACs
 * @param lossAbove the network before, in nats
 * @param standardError of that
 */
public record PricedBlock(
    Block block, MeasuredNetwork measured, Cost saved, double lossAbove, double standardError) {
  static PricedBlock of(Block block, MeasuredNetwork before, MeasuredNetwork without, Cost saved) {
    return new PricedBlock(
        block, without, saved, without.lossAbove(before), without.standardErrorAbove(before));
  }

  /** The same where the network is one with other statistics. */
  PricedBlock measuredAs(MeasuredNetwork other) {
    return new PricedBlock(block, other, saved, lossAbove, standardError);
  }

  /**
   * Loss a unit of worth, the less the better. What is smaller than its own standard error is not
   * told apart from nothing, so it counts as that error: among blocks that cost nothing visible,
   * the one that saves most comes first.
   *
   * @param worth of what is saved, positive
   */
  double price(double worth) {
    return Math.max(lossAbove, standardError) / worth;
  }

  /** The same as data. */
  Reason.Effect effect() {
    return new Reason.Effect(lossAbove, standardError, saved.bytes(), saved.macs());
  }
}
