package shallows.model.graph;

import java.util.function.Function;

/**
 * What a batch norm with stored statistics is: y = factor·x + offset for each channel, with factor
 * = γ / √(σ² + ε) and offset = β − factor·μ. In double precision, so that whoever folds it rounds
 * once.
 */
public final class ChannelAffine {
  private final double[] factors;
  private final double[] offsets;

  private ChannelAffine(double[] factors, double[] offsets) {
    this.factors = factors;
    this.offsets = offsets;
  }

  /**
   * The factors and offsets of a norm.
   *
   * @param norm a {@link Operation.BatchNorm}
   * @param parameters by name
   */
  public static ChannelAffine of(Node norm, Function<String, Tensor> parameters) {
    double epsilon = ((Operation.BatchNorm) norm.operation()).epsilon();
    float[] scale = parameters.apply(norm.inputs().get(1)).values();
    float[] bias = parameters.apply(norm.inputs().get(2)).values();
    float[] mean = parameters.apply(norm.inputs().get(3)).values();
    float[] variance = parameters.apply(norm.inputs().get(4)).values();
    double[] factors = new double[scale.length];
    double[] offsets = new double[scale.length];
    for (int channel = 0; channel < scale.length; channel++) {
      factors[channel] = scale[channel] / Math.sqrt(variance[channel] + epsilon);
      offsets[channel] = bias[channel] - factors[channel] * mean[channel];
    }
    return new ChannelAffine(factors, offsets);
  }

  /**
   * What a channel is multiplied by.
   *
   * @param channel from 0 to {@link #channels()} − 1
   */
  public double factor(int channel) {
    return factors[channel];
  }

  /**
   * What is added to a channel then.
   *
   * @param channel from 0 to {@link #channels()} − 1
   */
  public double offset(int channel) {
    return offsets[channel];
  }

  /** How many channels the norm is of. */
  public int channels() {
    return factors.length;
  }
}
