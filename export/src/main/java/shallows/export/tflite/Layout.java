package shallows.export.tflite;

import shallows.data.PixelOrder;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** From channels first, as graphs have it, to channels last, as TFLite has it. */
final class Layout {
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

  /** A constant that counts for every image, {@code (C, H, W)} or {@code (F)}, behind a 1. */
  static Tensor constant(Tensor tensor) {
    Shape shape = tensor.shape();
    float[] values =
        shape.rank() == 3
            ? PixelOrder.channelsLast(tensor.values(), 1, shape.dimension(0))
            : tensor.values();
    return new Tensor(Shape.of(ofValue(shape)), values);
  }

  /** A convolution's filter, {@code (O, I, kH, kW)} to {@code (O, kH, kW, I)}. */
  static Tensor filter(Tensor weight) {
    Shape shape = weight.shape();
    int outputs = shape.dimension(0);
    int inputs = shape.dimension(1);
    // Made when the file is written, and let go.
    return Tensor.of(
        Shape.of(outputs, shape.dimension(2), shape.dimension(3), inputs),
        () -> PixelOrder.channelsLast(weight.values(), outputs, inputs));
  }

  /** A depthwise convolution's filter, {@code (O, 1, kH, kW)} to {@code (1, kH, kW, O)}. */
  static Tensor depthwiseFilter(Tensor weight) {
    Shape shape = weight.shape();
    return new Tensor(
        Shape.of(1, shape.dimension(2), shape.dimension(3), shape.dimension(0)),
        PixelOrder.channelsLast(weight.values(), 1, shape.dimension(0)));
  }
}
