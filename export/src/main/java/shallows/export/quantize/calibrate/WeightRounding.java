package shallows.export.quantize.calibrate;

import java.util.ArrayList;
import java.util.List;
import shallows.export.quantize.WeightScales;
import shallows.model.Expect;
import shallows.model.json.OrNull;

/**
 * What was done for the weights of a network of integers.
 *
 * @param scales how many a weight has
 * @param equalized whether the weights are those of {@link CrossLayerEqualization}
 * @param learned whether they are rounded by {@link LearnedRounding}, and not to the nearest
 * @param nearest the divergence from the floats with weights as they were, to the nearest, biases
 *     corrected where that helps, in nats on the images that decide
 * @param reached the same with these weights, all layers in integers; of a network that was
 *     fine-tuned then, before it was
 * @param perChannel the same with a scale for each output, where there is one for all; else null
 */
public record WeightRounding(
    WeightScales scales,
    boolean equalized,
    boolean learned,
    double nearest,
    double reached,
    @OrNull Double perChannel) {
  public WeightRounding {
    Expect.present("scales", scales);
    Expect.notNegative("nearest", nearest);
    Expect.notNegative("reached", reached);
    if (perChannel != null) {
      Expect.notNegative("perChannel", perChannel);
    }
  }

  /** As they were, to the nearest, with a scale for each output. */
  static WeightRounding perChannel(double divergence) {
    double found = finite(divergence);
    return new WeightRounding(WeightScales.PER_CHANNEL, false, false, found, found, null);
  }

  /** The same with one scale. */
  static WeightRounding perTensor(double divergence, double perChannel) {
    double found = finite(divergence);
    return new WeightRounding(
        WeightScales.PER_TENSOR, false, false, found, found, finite(perChannel));
  }

  /** Of equals a divergence may be a last bit below 0; of what gives no numbers it is none. */
  private static double finite(double divergence) {
    return Double.isFinite(divergence) ? Math.max(0, divergence) : Double.MAX_VALUE;
  }

  /** Whether the integers are those of other weights than the network's own. */
  public boolean isOfOtherWeights() {
    return equalized || learned;
  }

  /** What was done, in a few words; empty where there is nothing to tell. */
  public String inWords() {
    List<String> done = new ArrayList<>();
    if (scales == WeightScales.PER_TENSOR) {
      done.add("one scale a layer");
    }
    if (equalized) {
      done.add("equalized across layers");
    }
    if (learned) {
      done.add("rounded as the answers need it");
    }
    return String.join(", ", done);
  }

  /** Whether there is anything to tell. */
  public boolean isUnusual() {
    return scales == WeightScales.PER_TENSOR || isOfOtherWeights();
  }

  /**
   * @param divergence that it reaches
   */
  WeightRounding withEqualized(double divergence) {
    return new WeightRounding(scales, true, learned, nearest, finite(divergence), perChannel);
  }

  /** Likewise. */
  WeightRounding withLearned(double divergence) {
    return new WeightRounding(scales, equalized, true, nearest, finite(divergence), perChannel);
  }
}
