package shallows.model.graph;

/**
 * Binary weights after Rastegari et al. 2016, "XNOR-Net", section 3.1: the best approximation of a
 * filter W by α·B with B in {−1, +1}ⁿ in the least-squares sense is B = sign(W) and α = ‖W‖₁ / n,
 * one α an output channel. Zero counts as positive.
 */
public final class BinaryWeights {
  private BinaryWeights() {}

  /**
   * Returns α·sign(W). Applying it again changes no bit: the sum of n equal floats is exact in
   * double precision for every n below 2²⁹, and so is its quotient by n.
   *
   * @param weight of shape {@code (O, I / groups, H, W)}
   */
  public static Tensor project(Tensor weight) {
    float[] alpha = scales(weight);
    int perChannel = weight.size() / alpha.length;
    float[] projected = new float[weight.size()];
    for (int i = 0; i < projected.length; i++) {
      float scale = alpha[i / perChannel];
      projected[i] = weight.values()[i] < 0 ? -scale : scale;
    }
    return new Tensor(weight.shape(), projected);
  }

  /**
   * Returns α, the mean absolute weight of each output channel.
   *
   * @param weight of shape {@code (O, I / groups, H, W)}
   */
  public static float[] scales(Tensor weight) {
    int channels = weight.shape().dimension(0);
    int perChannel = weight.size() / channels;
    float[] alpha = new float[channels];
    for (int channel = 0; channel < channels; channel++) {
      double sum = 0;
      for (int i = channel * perChannel; i < (channel + 1) * perChannel; i++) {
        sum += Math.abs(weight.values()[i]);
      }
      alpha[channel] = (float) (sum / perChannel);
    }
    return alpha;
  }
}
