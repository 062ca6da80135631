package shallows.model.onnx;

import shallows.model.graph.Extent;
import shallows.model.graph.Shape;

/**
 * How ONNX rounds a pool up. A last window that begins beyond the image is none in PyTorch and
 * here, but one in ONNX until opset 22, whose runtimes do not agree: the padding says it instead.
 */
public record OnnxPool(Extent kernel, Extent stride, Extent padding) {
  /** Whether ONNX, told to round up, comes to the positions of {@code result}. */
  public boolean roundsUpTo(Shape image, Shape result) {
    return roundedUp(image.dimension(1), kernel.height(), stride.height(), padding.height())
            == result.dimension(1)
        && roundedUp(image.dimension(2), kernel.width(), stride.width(), padding.width())
            == result.dimension(2);
  }

  private static int roundedUp(int size, int kernel, int stride, int padding) {
    return (size + 2 * padding - kernel + stride - 1) / stride + 1;
  }

  /** Pads with which whole windows alone are the positions of {@code result}. */
  public long[] reaching(Shape image, Shape result) {
    return new long[] {
      padding.height(),
      padding.width(),
      behind(image, result, 1, kernel.height(), stride.height(), padding.height()),
      behind(image, result, 2, kernel.width(), stride.width(), padding.width())
    };
  }

  private static long behind(
      Shape image, Shape result, int axis, int kernel, int stride, int padding) {
    long reach = (result.dimension(axis) - 1L) * stride + kernel;
    return Math.max(padding, reach - padding - image.dimension(axis));
  }

  /** Whether rounding up means what asymmetric {@code pads} with whole windows mean. */
  public boolean isRoundingUp(long[] pads, Shape image) {
    return pads[0] == padding.height()
        && pads[1] == padding.width()
        && reaches(image.dimension(1), pads[2], kernel.height(), stride.height(), padding.height())
        && reaches(image.dimension(2), pads[3], kernel.width(), stride.width(), padding.width());
  }

  private static boolean reaches(int size, long behind, int kernel, int stride, int padding) {
    long floor = (size + 2L * padding - kernel) / stride + 1;
    long asked = (size + padding + behind - kernel) / stride + 1;
    boolean beyond =
        (size + 2L * padding - kernel) % stride != 0 && floor * stride < size + padding;
    return asked == (beyond ? floor + 1 : floor);
  }
}
