package shallows.export.tflite;

import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.BuiltinOptions;
import org.tensorflow.lite.schema.Conv2DOptions;
import org.tensorflow.lite.schema.DepthwiseConv2DOptions;
import org.tensorflow.lite.schema.MirrorPadMode;
import org.tensorflow.lite.schema.MirrorPadOptions;
import org.tensorflow.lite.schema.PadOptions;
import org.tensorflow.lite.schema.PadV2Options;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.Pool2DOptions;
import org.tensorflow.lite.schema.ResizeBilinearOptions;
import org.tensorflow.lite.schema.ResizeNearestNeighborOptions;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Resampling;
import shallows.model.graph.Shape;

/** Operators that move a window over an image, and the padding they need. */
final class Windows {
  static final byte SAME = Padding.SAME;
  static final byte VALID = Padding.VALID;

  /**
   * An image that is ready for an operator.
   *
   * @param tensor its index
   * @param scheme {@link #SAME} or {@link #VALID}: what the operator itself shall still do
   */
  record Padded(int tensor, byte scheme) {}

  private final TfliteFile file;

  Windows(TfliteFile file) {
    this.file = file;
  }

  /**
   * Whether TFLite's SAME is the padding asked for. SAME has ⌈size / stride⌉ positions and puts
   * half of what they lack, rounded down, in front; what is asked for is {@code padding} in front.
   * At stride 2 and an even size they differ, and the image has to be padded explicitly.
   */
  static boolean isSame(
      Shape image, Extent kernel, Extent stride, Extent padding, Extent dilation) {
    int height = dilation.height() * (kernel.height() - 1) + 1;
    int width = dilation.width() * (kernel.width() - 1) + 1;
    return isSame(image, 1, height, stride.height(), padding.height())
        && isSame(image, 2, width, stride.width(), padding.width());
  }

  private static boolean isSame(Shape image, int axis, int window, int stride, int padding) {
    int positions = (image.dimension(axis) + 2 * padding - window) / stride + 1;
    return isSame(image.dimension(axis), positions, window, stride, padding);
  }

  /** As above for a pool whose positions are those of {@code result}. */
  static boolean isSame(Shape image, Shape result, Extent kernel, Extent stride, Extent padding) {
    int height = kernel.height();
    int width = kernel.width();
    return isSame(
            image.dimension(1), result.dimension(1), height, stride.height(), padding.height())
        && isSame(image.dimension(2), result.dimension(2), width, stride.width(), padding.width());
  }

  private static boolean isSame(int size, int positions, int window, int stride, int padding) {
    int samePositions = (size + stride - 1) / stride;
    int lacking = Math.max(0, (samePositions - 1) * stride + window - size);
    return positions == samePositions && lacking / 2 == padding;
  }

  /**
   * Zeros on all sides, or nothing where there is nothing to pad.
   *
   * @param before zeros on the top and the left
   * @param behind zeros on the bottom and the right
   */
  Padded padExplicitly(String name, int image, Shape shape, Extent before, Extent behind) {
    if (before.equals(Extent.ZERO) && behind.equals(Extent.ZERO)) {
      return new Padded(image, VALID);
    }
    int padded = file.valueLike(image, name + "/padded", paddedShape(shape, before, behind));
    pad(name, image, padded, amounts(before, behind));
    return new Padded(padded, VALID);
  }

  /** As above with the lowest number, which no maximum takes. */
  Padded padWithLowest(String name, int image, Shape shape, Extent before, Extent behind) {
    if (before.equals(Extent.ZERO) && behind.equals(Extent.ZERO)) {
      return new Padded(image, VALID);
    }
    int padded = file.valueLike(image, name + "/padded", paddedShape(shape, before, behind));
    int amounts = file.constant(name + "/padding", new int[] {4, 2}, amounts(before, behind));
    int lowest = file.lowestLike(image, name + "/lowest");
    PadV2Options.startPadV2Options(file.builder());
    int options = PadV2Options.endPadV2Options(file.builder());
    int[] inputs = {image, amounts, lowest};
    file.operator(BuiltinOperator.PADV2, 1, inputs, padded, BuiltinOptions.PadV2Options, options);
    return new Padded(padded, VALID);
  }

  /**
   * @param amounts zeros before and after each of the four axes
   */
  void pad(String name, int image, int target, int[] amounts) {
    int[] inputs = {image, file.constant(name + "/padding", new int[] {4, 2}, amounts)};
    PadOptions.startPadOptions(file.builder());
    int options = PadOptions.endPadOptions(file.builder());
    file.operator(BuiltinOperator.PAD, 1, inputs, target, BuiltinOptions.PadOptions, options);
  }

  /**
   * What lies inside of the edges, mirrored.
   *
   * @param amounts before and after each of the four axes
   * @param withEdge whether the row or column at the edge is mirrored too
   */
  void mirror(String name, int image, int target, int[] amounts, boolean withEdge) {
    int[] inputs = {image, file.constant(name + "/padding", new int[] {4, 2}, amounts)};
    byte mode = withEdge ? MirrorPadMode.SYMMETRIC : MirrorPadMode.REFLECT;
    int options = MirrorPadOptions.createMirrorPadOptions(file.builder(), mode);
    byte type = BuiltinOptions.MirrorPadOptions;
    file.operator(BuiltinOperator.MIRROR_PAD, 1, inputs, target, type, options);
  }

  void resize(String name, int image, int target, Operation.Resize resize) {
    int height = resize.size().height();
    int width = resize.size().width();
    int[] inputs = {image, file.constant(name + "/size", new int[] {2}, height, width)};
    boolean aligned = resize.mode() == Resampling.LINEAR_ALIGNED;
    boolean half = resize.mode() == Resampling.LINEAR_HALF_PIXEL;
    if (resize.mode() == Resampling.NEAREST) {
      int options =
          ResizeNearestNeighborOptions.createResizeNearestNeighborOptions(
              file.builder(), false, false);
      byte type = BuiltinOptions.ResizeNearestNeighborOptions;
      file.operator(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, 1, inputs, target, type, options);
    } else {
      int options =
          ResizeBilinearOptions.createResizeBilinearOptions(file.builder(), aligned, half);
      byte type = BuiltinOptions.ResizeBilinearOptions;
      int version = half ? 3 : 1;
      file.operator(BuiltinOperator.RESIZE_BILINEAR, version, inputs, target, type, options);
    }
  }

  /**
   * @param inputs image, filter {@code (O, kH, kW, I / groups)}, bias
   */
  void convolution(int[] inputs, int target, byte scheme, Operation.Conv2d conv, byte activation) {
    int options =
        Conv2DOptions.createConv2DOptions(
            file.builder(),
            scheme,
            conv.stride().width(),
            conv.stride().height(),
            activation,
            conv.dilation().width(),
            conv.dilation().height());
    // The kernel sees the groups from the filter's shape; version 6 says that there are some.
    int version = conv.groups() > 1 ? 6 : 1;
    file.operator(
        BuiltinOperator.CONV_2D, version, inputs, target, BuiltinOptions.Conv2DOptions, options);
  }

  /**
   * @param inputs image, filter {@code (1, kH, kW, O)}, bias
   * @param multiplier outputs for each input channel
   */
  void depthwise(
      int[] inputs,
      int target,
      byte scheme,
      Operation.Conv2d conv,
      int multiplier,
      byte activation) {
    int options =
        DepthwiseConv2DOptions.createDepthwiseConv2DOptions(
            file.builder(),
            scheme,
            conv.stride().width(),
            conv.stride().height(),
            multiplier,
            activation,
            conv.dilation().width(),
            conv.dilation().height());
    int version = conv.dilation().equals(Extent.ONE) ? 1 : 2;
    file.operator(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        version,
        inputs,
        target,
        BuiltinOptions.DepthwiseConv2DOptions,
        options);
  }

  /**
   * @param operator {@link BuiltinOperator#MAX_POOL_2D} or {@link BuiltinOperator#AVERAGE_POOL_2D}
   */
  void pool(int operator, Padded image, int target, Extent kernel, Extent stride, byte activation) {
    int options =
        Pool2DOptions.createPool2DOptions(
            file.builder(),
            image.scheme(),
            stride.width(),
            stride.height(),
            kernel.width(),
            kernel.height(),
            activation);
    int[] inputs = {image.tensor()};
    file.operator(operator, 1, inputs, target, BuiltinOptions.Pool2DOptions, options);
  }

  private static int[] amounts(Extent before, Extent behind) {
    return new int[] {0, 0, before.height(), behind.height(), before.width(), behind.width(), 0, 0};
  }

  private static int[] paddedShape(Shape shape, Extent before, Extent behind) {
    return new int[] {
      1,
      before.height() + shape.dimension(1) + behind.height(),
      before.width() + shape.dimension(2) + behind.width(),
      shape.dimension(0)
    };
  }
}
