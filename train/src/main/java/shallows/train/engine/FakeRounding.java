package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import shallows.model.graph.FakeQuantization;

/**
 * Rounding that can be trained through (Jacob et al. 2018, section 3; {@link FakeQuantization} says
 * to what). Backward it is taken for the clipping alone: the gradient passes where a value lies
 * within its levels, and is zero outside.
 *
 * <pre>
 *   clip(x)  = max(s·lowest, min(s·highest, x))       gradient 1 within, else 0
 *   error(x) = s·round(clip(x) / s) − clip(x)         gradient 0: computed on a detached clip(x)
 *   result   = clip(x) + error(x)
 * </pre>
 *
 * The multiple of s is at most twice what it was rounded from, and at least half of it, or it is 0;
 * so the difference is computed without error (Sterbenz), and the result is the multiple of s bit
 * for bit.
 */
final class FakeRounding {
  /** Of a scale: no weight is so small that it counts, and its quotients are still numbers. */
  private static final float SMALLEST = 1e-20f;

  private FakeRounding() {}

  /** A value of any shape, all of it on the same levels. */
  static NDArray value(NDArray x, FakeQuantization.Levels levels) {
    float scale = levels.scale();
    try (NDArray clipped = x.clip(scale * levels.lowest(), scale * levels.highest());
        NDArray each = Scalar.like(clipped, scale)) {
      return straight(clipped, each);
    }
  }

  /**
   * The weights and the bias of a layer. The scale counts as a constant; since it follows the
   * largest weight, none lies outside.
   *
   * @param weight {@code (O, …)}
   * @param bias (O)
   */
  static Parameters parameters(NDArray weight, NDArray bias, FakeQuantization.Layer layer) {
    long outputs = weight.getShape().get(0);
    long[] perOutput = new long[weight.getShape().dimension()];
    Arrays.fill(perOutput, 1);
    perOutput[0] = outputs;
    try (NDArray scales = scales(weight, bias, layer);
        NDArray ofWeights = scales.reshape(perOutput);
        NDArray inputScale = Scalar.like(weight, layer.inputScale());
        NDArray ofBias = scales.mul(inputScale)) {
      return new Parameters(straight(weight, ofWeights), straight(bias, ofBias));
    }
  }

  /** As a layer computes with them. */
  record Parameters(NDArray weight, NDArray bias) {}

  /** s_o of {@link FakeQuantization.Layer}, (O). */
  private static NDArray scales(NDArray weight, NDArray bias, FakeQuantization.Layer layer) {
    try (NDArray detached = weight.stopGradient();
        NDArray rows = detached.reshape(weight.getShape().get(0), -1);
        NDArray magnitudes = rows.abs();
        NDArray largest = magnitudes.max(new int[] {1});
        NDArray levels = Scalar.like(weight, layer.largest());
        NDArray wanted = largest.div(levels);
        NDArray most = wanted.max();
        NDArray smallestShare = Scalar.like(weight, FakeQuantization.SMALLEST_SHARE);
        NDArray least = most.mul(smallestShare);
        NDArray shared = wanted.maximum(least);
        NDArray detachedBias = bias.stopGradient();
        NDArray biases = detachedBias.abs();
        NDArray mostOfBias =
            Scalar.like(weight, layer.inputScale() * (double) FakeQuantization.LARGEST_BIAS);
        NDArray forBias = biases.div(mostOfBias);
        NDArray withBias = shared.maximum(forBias);
        NDArray smallest = Scalar.like(weight, SMALLEST);
        NDArray scales = withBias.maximum(smallest)) {
      if (layer.perChannel()) {
        return scales.duplicate();
      }
      try (NDArray one = scales.max()) {
        return scales.zerosLike().addi(one);
      }
    }
  }

  /**
   * x to the nearest multiple of the scales.
   *
   * @param scales of a shape that x can be divided by
   */
  private static NDArray straight(NDArray x, NDArray scales) {
    try (NDArray detached = x.stopGradient();
        NDArray quotient = detached.div(scales);
        NDArray integers = quotient.round()) {
      return x.add(integers.muli(scales).subi(detached));
    }
  }
}
