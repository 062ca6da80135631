package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.Map;
import shallows.model.graph.FakeQuantization;

/**
 * The integers of a file that is quantized already: the graph has floats in their place.
 *
 * @param values what the file rounds them to, by the name of the value in the graph
 * @param weights of layers whose weights are integers in the file, by the name of the layer
 * @param activations what each QuantizeLinear of a value is read as, by the name of its output;
 *     also of what hands such integers on
 */
public record StoredIntegers(
    Map<String, FakeQuantization.Levels> values,
    Map<String, Weights> weights,
    Map<String, Activation> activations) {
  /** An activation that rounding takes the place of in the file. */
  public enum Activation {
    NONE,
    /** No number below 0. */
    RELU,
    /** Nor above 6. */
    RELU6
  }

  /**
   * A layer's weights w = scale·q.
   *
   * @param scales one for each output, or one for all
   * @param symmetric whether all q are in [−128, 127]: the zero point is 0, or 128 of unsigned
   *     bytes
   */
  public record Weights(float[] scales, boolean symmetric) {
    public Weights {
      scales = scales.clone();
    }

    /**
     * The scale of each of so many outputs.
     *
     * @throws IllegalArgumentException when there are several, but for another number of outputs
     */
    public float[] each(int outputs) {
      if (scales.length == outputs) {
        return scales.clone();
      }
      if (scales.length != 1) {
        throw new IllegalArgumentException(
            "expected 1 or " + outputs + " scales, found " + scales.length);
      }
      float[] each = new float[outputs];
      Arrays.fill(each, scales[0]);
      return each;
    }
  }

  public StoredIntegers {
    values = Map.copyOf(values);
    weights = Map.copyOf(weights);
    activations = Map.copyOf(activations);
  }
}
