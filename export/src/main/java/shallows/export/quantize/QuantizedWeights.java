package shallows.export.quantize;

import shallows.model.graph.Tensor;

/**
 * A layer's weights in 8 bits, symmetric about zero, and its bias in 32: w ≈ scales[o]·values[i]
 * for each output channel o, b ≈ inputScale·scales[o]·bias[o], so that the sums of products and the
 * bias are integers of one scale.
 *
 * @param values in [−127, 127], in the order of the weight
 * @param scales (O)
 * @param bias (O)
 */
public record QuantizedWeights(byte[] values, float[] scales, int[] bias) {
  private static final int LARGEST = Byte.MAX_VALUE;

  /** A bias beyond it would leave the sums of products too little room in 32 bits. */
  private static final double LARGEST_BIAS = 1 << 30;

  /**
   * The smallest scale of a channel as a share of the largest. Channels that training switched off
   * have weights near zero, and a scale that fits them leaves the range that runtimes multiply in.
   */
  private static final double SMALLEST_SHARE = 1.0 / (1 << 16);

  /**
   * @param weight {@code (O, …)}
   * @param bias (O)
   * @param inputScale of what the layer reads
   * @param perChannel whether each output has a scale of its own
   */
  public static QuantizedWeights of(
      Tensor weight, float[] bias, float inputScale, boolean perChannel) {
    float[] scales = scales(weight, bias, inputScale, perChannel);
    int perOutput = weight.size() / scales.length;
    byte[] values = new byte[weight.size()];
    for (int i = 0; i < values.length; i++) {
      double value = Math.rint(weight.values()[i] / (double) scales[i / perOutput]);
      values[i] = (byte) Math.max(-LARGEST, Math.min(LARGEST, value));
    }
    int[] integers = new int[bias.length];
    for (int o = 0; o < bias.length; o++) {
      integers[o] = (int) Math.rint(bias[o] / ((double) inputScale * scales[o]));
    }
    return new QuantizedWeights(values, scales, integers);
  }

  private static float[] scales(Tensor weight, float[] bias, float inputScale, boolean perChannel) {
    double[] wanted = new double[bias.length];
    int perOutput = weight.size() / bias.length;
    double largest = 0;
    for (int i = 0; i < weight.size(); i++) {
      double scale = Math.abs((double) weight.values()[i]) / LARGEST;
      wanted[i / perOutput] = Math.max(wanted[i / perOutput], scale);
      largest = Math.max(largest, scale);
    }
    double least = largest > 0 ? largest * SMALLEST_SHARE : 1.0 / LARGEST;
    double most = 0;
    for (int o = 0; o < wanted.length; o++) {
      double forBias = Math.abs((double) bias[o]) / (inputScale * LARGEST_BIAS);
      wanted[o] = Math.max(Math.max(wanted[o], least), forBias);
      most = Math.max(most, wanted[o]);
    }
    float[] scales = new float[wanted.length];
    for (int o = 0; o < scales.length; o++) {
      scales[o] = (float) (perChannel ? wanted[o] : most);
    }
    return scales;
  }
}
