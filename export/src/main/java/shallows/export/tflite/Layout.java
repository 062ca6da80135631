package shallows.export.tflite;

import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** From channels first, as graphs have it, to channels last, as TFLite has it. */
public final class Layout {
  private Layout() {}

  /**
   * The shape of a value behind a batch axis of 1.
   *
   * @param value {@code (C, H, W)} or {@code (F)}
   * @return {@code (1, H, W, C)} or {@code (1, F)}
   */
  static int[] ofValue(Shape value) {
    if (value.rank() == 3) {
      return new int[] {1, value.dimension(1), value.dimension(2), value.dimension(0)};
    }
    if (value.rank() == 1) {
      return new int[] {1, value.dimension(0)};
    }
    throw new IllegalArgumentException(
        "a TFLite value must be an image (C, H, W) or a vector (F), found " + value);
  }

  /**
   * Moves the second axis of a tensor to its end: images {@code (N, C, H, W)} to {@code (N, H, W,
   * C)}, filters {@code (O, I, kH, kW)} to {@code (O, kH, kW, I)}.
   *
   * @param outer extent of the first axis
   * @param channels of the second
   * @param positions of the others, multiplied
   */
  public static float[] channelsLast(float[] values, int outer, int channels, int positions) {
    float[] moved = new float[values.length];
    int at = 0;
    for (int i = 0; i < outer; i++) {
      for (int position = 0; position < positions; position++) {
        for (int channel = 0; channel < channels; channel++) {
          moved[at++] = values[(i * channels + channel) * positions + position];
        }
      }
    }
    return moved;
  }

  /** A convolution's filter, {@code (O, I, kH, kW)} to {@code (O, kH, kW, I)}. */
  static Tensor filter(Tensor weight) {
    Shape shape = weight.shape();
    int kernel = shape.dimension(2) * shape.dimension(3);
    return new Tensor(
        Shape.of(shape.dimension(0), shape.dimension(2), shape.dimension(3), shape.dimension(1)),
        channelsLast(weight.values(), shape.dimension(0), shape.dimension(1), kernel));
  }

  /** A depthwise convolution's filter, {@code (O, 1, kH, kW)} to {@code (1, kH, kW, O)}. */
  static Tensor depthwiseFilter(Tensor weight) {
    Shape shape = weight.shape();
    int kernel = shape.dimension(2) * shape.dimension(3);
    return new Tensor(
        Shape.of(1, shape.dimension(2), shape.dimension(3), shape.dimension(0)),
        channelsLast(weight.values(), 1, shape.dimension(0), kernel));
  }
}
