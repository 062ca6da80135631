package shallows.export.quantize.calibrate;

import shallows.export.quantize.WeightScales;
import shallows.model.Expect;
import shallows.model.json.OrNull;

/**
 * What was done for the weights of a network of integers.
 *
 * @param scales how many a weight has
 * @param equalized whether the weights are those of {@link CrossLayerEqualization}
 * @param learned whether they are rounded by {@link LearnedRounding}, and not to the nearest
 * @param nearest the divergence from the floats with weights as they were, to the nearest, in nats
 *     on the images that decide
 * @param perChannel the same with a scale for each output, where there is one for all; else null
 */
public record WeightRounding(
    WeightScales scales,
    boolean equalized,
    boolean learned,
    double nearest,
    @OrNull Double perChannel) {
  public WeightRounding {
    Expect.present("scales", scales);
    Expect.notNegative("nearest", nearest);
    if (perChannel != null) {
      Expect.notNegative("perChannel", perChannel);
    }
  }

  /** As they were, to the nearest, with a scale for each output. */
  static WeightRounding perChannel(double divergence) {
    return new WeightRounding(WeightScales.PER_CHANNEL, false, false, finite(divergence), null);
  }

  /** The same with one scale. */
  static WeightRounding perTensor(double divergence, double perChannel) {
    return new WeightRounding(
        WeightScales.PER_TENSOR, false, false, finite(divergence), finite(perChannel));
  }

  /** Of equals a divergence may be a last bit below 0; of what gives no numbers it is none. */
  private static double finite(double divergence) {
    return Double.isFinite(divergence) ? Math.max(0, divergence) : Double.MAX_VALUE;
  }

  /** Whether the integers are those of other weights than the network's own. */
  boolean isOfOtherWeights() {
    return equalized || learned;
  }

  /** Whether there is anything to tell. */
  public boolean isUnusual() {
    return scales == WeightScales.PER_TENSOR || isOfOtherWeights();
  }

  WeightRounding withEqualized() {
    return new WeightRounding(scales, true, learned, nearest, perChannel);
  }

  WeightRounding withLearned() {
    return new WeightRounding(scales, equalized, true, nearest, perChannel);
  }
}
