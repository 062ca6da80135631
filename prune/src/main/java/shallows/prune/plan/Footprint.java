package shallows.prune.plan;

import shallows.model.graph.Cost;

/**
 * What a network costs where it will run.
 *
 * @param bytes it takes there
 * @param macs multiply-accumulates for one image
 * @param latency of one image in ms; null where nobody asks for it
 */
public record Footprint(long bytes, long macs, Double latency) {
  /** Of weights as they lie in memory. */
  public static Footprint of(Cost cost, Double latency) {
    return new Footprint(cost.bytes(), cost.macs(), latency);
  }
}
