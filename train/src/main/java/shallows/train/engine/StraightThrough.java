package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;

/**
 * Binary weights that can be trained. Forward, W becomes α·sign(W) with α the mean absolute weight
 * of each output channel (Rastegari et al. 2016, "XNOR-Net"; see {@link
 * shallows.model.graph.BinaryWeights}). Backward, the sign is taken for the identity where |W| ≤ 1
 * and for a constant elsewhere: the straight-through estimator with clipping of Hubara et al. 2016,
 * "Binarized Neural Networks", equation 4. α counts as a constant.
 *
 * <pre>
 *   binary(W) = α·sign(W)                     gradient 0: computed on a detached W
 *   pass(W)   = W where |W| ≤ 1, else 0       gradient 1 where |W| ≤ 1, else 0
 *   result    = binary(W) + (pass(W) − detached pass(W))
 * </pre>
 *
 * The bracket is exactly zero, so the result is α·sign(W) bit for bit and its gradient is that of
 * pass(W). The paper clips instead, with the same gradient; DJL's clip reads its bounds back, which
 * makes the host wait for a GPU.
 */
final class StraightThrough {
  private StraightThrough() {}

  /**
   * @param weight {@code (O, I / groups, H, W)}
   */
  static NDArray binarize(NDArray weight) {
    long channels = weight.getShape().get(0);
    try (NDArray detached = weight.stopGradient();
        NDArray rows = detached.reshape(channels, -1);
        NDArray magnitudes = rows.abs();
        NDArray means = magnitudes.mean(new int[] {1}, true);
        NDArray alpha = means.reshape(channels, 1, 1, 1);
        NDArray zero = Scalar.like(weight, 0);
        NDArray one = Scalar.like(weight, 1);
        NDArray two = Scalar.like(weight, 2);
        NDArray positive = detached.gte(zero);
        NDArray zeroOrOne = positive.toType(DataType.FLOAT32, false);
        NDArray zeroOrTwo = zeroOrOne.mul(two);
        NDArray sign = zeroOrTwo.sub(one);
        NDArray binary = sign.mul(alpha);
        NDArray within = magnitudes.lte(one);
        NDArray rowsOfOnes = within.toType(DataType.FLOAT32, false);
        NDArray ones = rowsOfOnes.reshape(weight.getShape());
        NDArray passing = weight.mul(ones);
        NDArray detachedPassing = passing.stopGradient();
        NDArray nothing = passing.sub(detachedPassing)) {
      return binary.add(nothing);
    }
  }
}
