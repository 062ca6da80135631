package shallows.export.quantize.calibrate;

import shallows.model.Expect;

/**
 * What 8 bits in one layer alone cost.
 *
 * @param layer the node of the quantized graph, with an activation that is fused into it
 * @param divergence of the network that computes this layer in integers, and all others in floats,
 *     from the one of floats, in nats on images that decide
 * @param inFloats whether it computes in floats again in the files of integers, since it was among
 *     those that cost most
 */
public record LayerCost(String layer, double divergence, boolean inFloats) {
  public LayerCost {
    Expect.text("layer", layer);
    Expect.notNegative("divergence", divergence);
  }
}
