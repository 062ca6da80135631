package shallows.export.quantize;

import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Tensor;

/**
 * A layer's weights in 8 bits, symmetric about zero, and its bias in 32: w ≈ scales[o]·values[i]
 * for each output channel o, b ≈ inputScale·scales[o]·bias[o], so that the sums of products and the
 * bias are integers of one scale.
 *
 * @param values in [−127, 127], [−7, 7] in 4 bits, ±1 where the weight is binary; in the order of
 *     the weight
 * @param scales (O)
 * @param bias (O)
 */
public record QuantizedWeights(byte[] values, float[] scales, int[] bias) {
  /** How the integers of a weight lie. */
  public enum Form {
    /** Each output has a scale of its own. */
    PER_CHANNEL(Byte.MAX_VALUE),
    /** The same in 4 bits. */
    NIBBLES(7),
    /** All outputs share one scale. */
    ONE_SCALE(Byte.MAX_VALUE),
    /** ±1, with α as the scale of each output: weights of a binary convolution. */
    SIGNS(1);

    private final int largest;

    Form(int largest) {
      this.largest = largest;
    }

    int largest() {
      return largest;
    }

    /** How training simulates such weights. */
    FakeQuantization.Layer layer(float inputScale) {
      return new FakeQuantization.Layer(inputScale, this != ONE_SCALE, largest);
    }

    private byte integer(float weight, float scale) {
      if (this == SIGNS) {
        // Also where the scale had to be larger than α; as everywhere, zero counts as positive.
        return (byte) (weight < 0 ? -1 : 1);
      }
      return (byte) Math.max(-largest, Math.min(largest, Math.rint(weight / (double) scale)));
    }
  }

  /**
   * @param weight {@code (O, …)}
   * @param bias (O)
   * @param inputScale of what the layer reads
   * @param form how its values lie
   */
  public static QuantizedWeights of(Tensor weight, float[] bias, float inputScale, Form form) {
    return of(weight, bias, inputScale, form, scales(weight, bias, inputScale, form));
  }

  /**
   * The same with scales that are known.
   *
   * @param scales (O)
   */
  static QuantizedWeights of(
      Tensor weight, float[] bias, float inputScale, Form form, float[] scales) {
    int perOutput = weight.size() / scales.length;
    byte[] values = new byte[weight.size()];
    float[] floats = weight.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = form.integer(floats[i], scales[i / perOutput]);
    }
    int[] integers = new int[bias.length];
    for (int o = 0; o < bias.length; o++) {
      integers[o] = (int) Math.rint(bias[o] / ((double) inputScale * scales[o]));
    }
    return new QuantizedWeights(values, scales, integers);
  }

  private static float[] scales(Tensor weight, float[] bias, float inputScale, Form form) {
    double[] wanted = new double[bias.length];
    int perOutput = weight.size() / bias.length;
    double largest = 0;
    float[] floats = weight.values();
    for (int i = 0; i < floats.length; i++) {
      double scale = Math.abs((double) floats[i]) / form.largest();
      wanted[i / perOutput] = Math.max(wanted[i / perOutput], scale);
      largest = Math.max(largest, scale);
    }
    double least = largest > 0 ? largest * FakeQuantization.SMALLEST_SHARE : 1.0 / form.largest();
    double most = 0;
    for (int o = 0; o < wanted.length; o++) {
      double forBias =
          Math.abs((double) bias[o]) / (inputScale * (double) FakeQuantization.LARGEST_BIAS);
      wanted[o] = Math.max(Math.max(wanted[o], least), forBias);
      most = Math.max(most, wanted[o]);
    }
    float[] scales = new float[wanted.length];
    for (int o = 0; o < scales.length; o++) {
      scales[o] = (float) (form == Form.ONE_SCALE ? most : wanted[o]);
    }
    return scales;
  }
}
