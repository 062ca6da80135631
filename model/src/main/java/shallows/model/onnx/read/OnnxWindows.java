package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.OnnxPool;
import shallows.model.onnx.constant.OnnxAttributes;

/** Operators that move a window over an image, and padding. */
final class OnnxWindows {
  private final OnnxCall call;

  OnnxWindows(OnnxCall call) {
    this.call = call;
  }

  void conv2d() {
    call.inputs(2, 3);
    Tensor weight = call.constants().parameter(call.constant(1));
    if (weight.shape().rank() != 4) {
      throw new IllegalArgumentException(
          "expected a weight (O, C / groups, kH, kW), found shape " + weight.shape());
    }
    int height = OnnxAttributes.small("the kernel's height", weight.shape().dimension(2));
    int width = OnnxAttributes.small("the kernel's width", weight.shape().dimension(3));
    Extent kernel = new Extent(height, width);
    Extent declared = call.attributes().extent("kernel_shape").orElse(kernel);
    if (!declared.equals(kernel)) {
      throw new IllegalArgumentException(
          "expected kernel_shape " + kernel + " as in the weight, found " + declared);
    }
    Extent stride = call.attributes().extent("strides").orElse(Extent.ONE);
    Extent dilation = call.attributes().extent("dilations").orElse(Extent.ONE);
    int groups = call.attributes().integer("group", 1);
    OnnxFlow x = call.flow(0, OnnxLayout.FIRST);
    int[] pads = pads(x, kernel, stride, dilation);
    Extent padding = symmetric(pads) ? new Extent(pads[0], pads[1]) : Extent.ZERO;
    OnnxFlow padded = symmetric(pads) ? x : padded(x, pads);
    List<String> parameters = new ArrayList<>(List.of(call.constant(1)));
    if (call.has(2)) {
      parameters.add(call.constant(2));
    }
    call.emit(
        padded,
        new Operation.Conv2d(stride, padding, dilation, groups, Precision.FLOAT),
        parameters.toArray(String[]::new));
  }

  void maxPool() {
    call.inputs(1, 1);
    // The order of the indices, an output that is refused.
    call.attributes().integer("storage_order", 0);
    Extent kernel = poolKernel();
    Extent stride = call.attributes().extent("strides").orElse(Extent.ONE);
    boolean ceil = call.attributes().integer("ceil_mode", 0) != 0;
    OnnxFlow x = call.flow(0, OnnxLayout.FIRST);
    int[] pads = pads(x, kernel, stride, Extent.ONE);
    Extent padding = new Extent(pads[0], pads[1]);
    call.emit(
        x, new Operation.MaxPool(kernel, stride, padding, rounding(x, kernel, stride, pads, ceil)));
  }

  void averagePool() {
    call.inputs(1, 1);
    Extent kernel = poolKernel();
    Extent stride = call.attributes().extent("strides").orElse(Extent.ONE);
    boolean ceil = call.attributes().integer("ceil_mode", 0) != 0;
    boolean counts = call.attributes().integer("count_include_pad", 0) != 0;
    OnnxFlow x = call.flow(0, OnnxLayout.FIRST);
    int[] pads = pads(x, kernel, stride, Extent.ONE);
    Extent padding = new Extent(pads[0], pads[1]);
    if (counts && (ceil || !symmetric(pads))) {
      OnnxFlow padded = padded(x, pads);
      call.emit(padded, new Operation.AveragePool(kernel, stride, Extent.ZERO, ceil, false));
    } else {
      boolean up = !counts && rounding(x, kernel, stride, pads, ceil);
      call.emit(x, new Operation.AveragePool(kernel, stride, padding, up, counts));
    }
  }

  /** Whether the pool rounds up, said by {@code ceil_mode} or by more padding behind. */
  private boolean rounding(OnnxFlow x, Extent kernel, Extent stride, int[] pads, boolean ceil) {
    if (symmetric(pads)) {
      return ceil;
    }
    OnnxPool pool = new OnnxPool(kernel, stride, new Extent(pads[0], pads[1]));
    long[] all = Arrays.stream(pads).asLongStream().toArray();
    if (ceil || !pool.isRoundingUp(all, call.shape(x))) {
      throw new IllegalArgumentException(
          "expected the same pads on both sides, found " + Arrays.toString(pads));
    }
    return true;
  }

  private Extent poolKernel() {
    Extent dilation = call.attributes().extent("dilations").orElse(Extent.ONE);
    if (!dilation.equals(Extent.ONE)) {
      throw new IllegalArgumentException("expected dilations 1x1, found " + dilation);
    }
    return call.attributes()
        .extent("kernel_shape")
        .orElseThrow(() -> new IllegalArgumentException("expected kernel_shape, found none"));
  }

  private OnnxFlow padded(OnnxFlow x, int[] pads) {
    Operation pad = new Operation.PadImage(pads[0], pads[1], pads[2], pads[3]);
    return call.step(x, "padded", pad);
  }

  private static boolean symmetric(int[] pads) {
    return pads[0] == pads[2] && pads[1] == pads[3];
  }

  /**
   * Zeros on the top, the left, the bottom and the right, from {@code pads} and {@code auto_pad}.
   */
  private int[] pads(OnnxFlow x, Extent kernel, Extent stride, Extent dilation) {
    int[] pads = call.attributes().pads();
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

  /** What SAME padding adds to one axis, for ⌈size / stride⌉ positions. */
  private static int lacking(int size, int kernel, int stride, int dilation) {
    long window = (long) dilation * (kernel - 1) + 1;
    long reach = ((size + stride - 1L) / stride - 1) * stride + window;
    return OnnxAttributes.small("the padding", Math.max(0, reach - size));
  }

  void pad() {
    call.inputs(1, 4);
    String mode = call.attributes().text("mode", "constant");
    if (!mode.equals("constant")) {
      throw new IllegalArgumentException("expected mode constant, found " + mode);
    }
    float with = call.has(2) ? call.constants().scalar(call.constant(2)) : 0;
    if (call.attributes().number("value", with) != 0) {
      throw new IllegalArgumentException("expected padding with 0, found another constant");
    }
    OnnxFlow x = call.image(0);
    int[] sides = allPads();
    int channel = x.layout().channelAxis();
    int row = x.layout().heightAxis();
    if (sides[0] > 0 || sides[4] > 0) {
      throw new IllegalArgumentException(
          "expected no pads of the batch, found " + Arrays.toString(sides));
    }
    Operation image =
        new Operation.PadImage(sides[row], sides[row + 1], sides[row + 4], sides[row + 5]);
    Operation channels = new Operation.PadChannels(sides[channel], sides[channel + 4]);
    boolean padsImage = !image.equals(new Operation.PadImage(0, 0, 0, 0));
    boolean padsChannels = !channels.equals(new Operation.PadChannels(0, 0));
    if (padsImage && padsChannels) {
      call.emit(call.step(x, "padded", image), channels);
    } else {
      call.emit(x, padsImage ? image : channels);
    }
  }

  /** Begins and ends of four axes: an attribute until opset 10, an input from opset 11 on. */
  private int[] allPads() {
    List<Long> attribute =
        call.attributes()
            .take("pads", AttributeType.INTS)
            .map(AttributeProto::getIntsList)
            .orElse(List.of());
    long[] pads =
        call.has(1) ? call.integers(1) : attribute.stream().mapToLong(Long::longValue).toArray();
    if (call.has(3)) {
      pads = onAxes(pads, call.integers(3));
    }
    if (pads.length != 8) {
      throw new IllegalArgumentException("expected 8 pads, found " + pads.length);
    }
    return Arrays.stream(pads).mapToInt(pad -> OnnxAttributes.small("pads", pad)).toArray();
  }

  /** From opset 18 on, only some axes may be named. */
  private static long[] onAxes(long[] pads, long[] axes) {
    long[] all = new long[8];
    if (pads.length != 2 * axes.length) {
      throw new IllegalArgumentException(
          "expected 2 pads for each of " + axes.length + " axes, found " + pads.length);
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = OnnxAxes.axis(axes[i], 4);
      all[axis] = pads[i];
      all[axis + 4] = pads[i + axes.length];
    }
    return all;
  }
}
