package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.onnx.constant.OnnxAttributes;

/** Convolutions, and what all operators share that move a window over an image. */
final class OnnxWindows {

  private final OnnxCall call;

  OnnxWindows(OnnxCall call) {
    this.call = call;
  }

  void conv2d() {
    call.inputs(2, 3);
    String weight = weight();
    Shape shape = call.constants().parameter(weight).shape();
    int height = OnnxAttributes.small("the kernel's height", shape.dimension(2));
    int width = OnnxAttributes.small("the kernel's width", shape.dimension(3));
    Extent kernel = new Extent(height, width);
    Extent declared = extent("kernel_shape", 1).orElse(kernel);
    if (!declared.equals(kernel)) {
      throw new IllegalArgumentException(
          "expected kernel_shape " + kernel + " as in the weight, found " + declared);
    }
    Extent stride = extent("strides", 1).orElse(Extent.ONE);
    Extent dilation = extent("dilations", 1).orElse(Extent.ONE);
    int groups = call.attributes().integer("group", 1);
    OnnxFlow x = call.first(0);
    int[] pads = pads(x, kernel, stride, dilation);
    Extent padding = symmetric(pads) ? new Extent(pads[0], pads[1]) : Extent.ZERO;
    OnnxFlow padded = symmetric(pads) ? x : padded(x, pads, Operation.Border.ZEROS);
    List<String> parameters = new ArrayList<>(List.of(weight));
    if (call.has(2)) {
      parameters.add(call.constant(2));
    }
    emit(
        padded,
        new Operation.Conv2d(stride, padding, dilation, groups, Precision.FLOAT),
        parameters.toArray(String[]::new));
  }

  /** Of a convolution along one axis the kernel is one row. */
  private String weight() {
    String name = call.constant(1);
    Shape shape = call.constants().parameter(name).shape();
    if (shape.rank() == 3 && isRow()) {
      Shape row = Shape.of(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2));
      return call.constants().reshaped(name, row);
    }
    if (shape.rank() != 4 || isRow()) {
      throw new IllegalArgumentException(
          "expected a weight (O, C / groups, kH, kW), found shape " + shape);
    }
    return name;
  }

  private boolean isRow() {
    return call.flow(0).layout().rank() == 3;
  }

  /** A node under the name of the output; what had three axes has three again. */
  void emit(OnnxFlow x, Operation operation, String... parameters) {
    call.emitFirst(x, operation, parameters);
    if (isRow()) {
      OnnxFlow result = call.imported().flow(call.output()).orElseThrow();
      OnnxLayout row = result.layout().without(List.of(2));
      call.imported().redefine(call.output(), result.withLayout(row));
    }
  }

  /** Of a row it has one number. */
  Optional<Extent> extent(String name, int rows) {
    if (!isRow()) {
      return call.attributes().extent(name);
    }
    return call.attributes()
        .integers(name)
        .map(one -> new Extent(rows, OnnxAttributes.small(name, one[0])));
  }

  OnnxFlow padded(OnnxFlow x, int[] pads, Operation.Border border) {
    Operation pad = new Operation.PadImage(pads[0], pads[1], pads[2], pads[3], border);
    return call.stepFirst(x, "padded", pad);
  }

  static boolean symmetric(int[] pads) {
    return pads[0] == pads[2] && pads[1] == pads[3];
  }

  /**
   * Zeros on the top, the left, the bottom and the right, from {@code pads} and {@code auto_pad}.
   */
  int[] pads(OnnxFlow x, Extent kernel, Extent stride, Extent dilation) {
    int[] pads = isRow() ? rowPads() : call.attributes().pads();
    String automatic = call.attributes().text("auto_pad", "NOTSET");
    if (automatic.equals("NOTSET")) {
      return pads;
    }
    boolean upper = automatic.equals("SAME_UPPER");
    if (!upper && !automatic.equals("SAME_LOWER") && !automatic.equals("VALID")) {
      throw new IllegalArgumentException("expected a known auto_pad, found " + automatic);
    }
    if (!stride.isPositive()) {
      throw new IllegalArgumentException("expected strides of at least 1, found " + stride);
    }
    if (automatic.equals("VALID")) {
      return new int[4];
    }
    Shape image = call.shape(x);
    int height = lacking(image.dimension(1), kernel.height(), stride.height(), dilation.height());
    int width = lacking(image.dimension(2), kernel.width(), stride.width(), dilation.width());
    int top = upper ? height / 2 : height - height / 2;
    int left = upper ? width / 2 : width - width / 2;
    return new int[] {top, left, height - top, width - left};
  }

  private int[] rowPads() {
    long[] pads = call.attributes().integers("pads").orElse(new long[2]);
    return new int[] {
      0, OnnxAttributes.small("pads", pads[0]), 0, OnnxAttributes.small("pads", pads[1])
    };
  }

  /** What SAME padding adds to one axis, for ⌈size / stride⌉ positions. */
  private static int lacking(int size, int kernel, int stride, int dilation) {
    long window = (long) dilation * (kernel - 1) + 1;
    long reach = ((size + stride - 1L) / stride - 1) * stride + window;
    return OnnxAttributes.small("the padding", Math.max(0, reach - size));
  }
}
