package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.Optional;
import shallows.export.quantize.Quantization;
import shallows.export.quantize.QuantizedGraph;
import shallows.export.quantize.QuantizedWeights;
import shallows.export.quantize.StoredWeights;
import shallows.export.quantize.simulate.ExactArithmetic;
import shallows.export.quantize.simulate.IntegerArithmetic;
import shallows.model.graph.Node;
import shallows.model.graph.Tensor;

/** What a kind of file rounds, weights to the nearest. */
interface FileRounding {
  /** The largest integer of a weight that {@link LearnedRounding} rounds. */
  int largest();

  /** The integers of a layer, where it is worth while to learn how they are rounded. */
  Optional<QuantizedWeights> learnable(Node layer);

  /** The weight that the file computes a layer with; empty where it is as it was. */
  Optional<Tensor> weight(Node layer);

  /** Whether a value is rounded. */
  boolean rounds(String value);

  /** A value as the file has it, image by image. */
  float[][] rounded(String value, float[][] images);

  /** Weights of 4 bits, values of floats. */
  record Nibbles(StoredWeights stored) implements FileRounding {
    @Override
    public int largest() {
      return 7;
    }

    @Override
    public Optional<QuantizedWeights> learnable(Node layer) {
      String weight = layer.inputs().get(1);
      return stored.holds(weight) && stored.isInNibbles(weight)
          ? Optional.of(stored.integers(weight))
          : Optional.empty();
    }

    @Override
    public Optional<Tensor> weight(Node layer) {
      return Optional.of(layer.inputs().get(1)).filter(stored::holds).map(stored::computed);
    }

    @Override
    public boolean rounds(String value) {
      return false;
    }

    @Override
    public float[][] rounded(String value, float[][] images) {
      return images;
    }
  }

  /** Weights and values of 8 bits. */
  record Bytes(QuantizedGraph quantized) implements FileRounding {
    private static final IntegerArithmetic ROUNDING = new ExactArithmetic();

    @Override
    public int largest() {
      return Byte.MAX_VALUE;
    }

    @Override
    public Optional<QuantizedWeights> learnable(Node layer) {
      return StoredWeights.isBinary(layer)
          ? Optional.empty()
          : Optional.of(quantized.weights(layer));
    }

    @Override
    public Optional<Tensor> weight(Node layer) {
      QuantizedWeights integers = quantized.weights(layer);
      float[] values = new float[integers.values().length];
      int perOutput = values.length / integers.scales().length;
      for (int i = 0; i < values.length; i++) {
        values[i] = integers.values()[i] * integers.scales()[i / perOutput];
      }
      return Optional.of(
          new Tensor(quantized.graph().parameter(layer.inputs().get(1)).shape(), values));
    }

    @Override
    public boolean rounds(String value) {
      return quantized.isRounded(value);
    }

    @Override
    public float[][] rounded(String value, float[][] images) {
      if (!rounds(value)) {
        return images;
      }
      Quantization steps = quantized.quantization(value);
      return Arrays.stream(images)
          .parallel()
          .map(
              floats -> {
                float[] rounded = new float[floats.length];
                for (int i = 0; i < rounded.length; i++) {
                  rounded[i] = steps.scale() * steps.clamped(ROUNDING.quantized(floats[i], steps));
                }
                return rounded;
              })
          .toArray(float[][]::new);
    }
  }
}
