package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.Optional;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Precision;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.OnnxAttributes;

/**
 * Transposed convolutions, as convolutions whose outputs are dealt out as pixels (Shi et al. 2016,
 * "Is the deconvolution layer the same as a convolutional layer?"). Along one axis, with stride s,
 * place t of the result is the sum of x[i]·w[k] over i·s + k·dilation = t. With t = s·q + ρ that is
 * the sum of x[q − a]·w_ρ[a], where w_ρ has every s-th number of the dilated kernel from ρ on: an
 * ordinary convolution for each ρ. One convolution gives all of them as channels.
 */
final class OnnxConvTranspose {
  private final OnnxCall call;

  OnnxConvTranspose(OnnxCall call) {
    this.call = call;
  }

  /**
   * An axis of the image.
   *
   * @param from its extent
   * @param begin places of the whole result that are cut off in front
   * @param to the extent of the result
   */
  private record Axis(int from, int kernel, int stride, int dilation, int begin, int to) {

    int reach() {
      return dilation * (kernel - 1) + 1;
    }

    /** Of each part of the kernel. */
    int taps() {
      return stride == 1 ? kernel : (reach() + stride - 1) / stride;
    }

    int tapDilation() {
      return stride == 1 ? dilation : 1;
    }

    /** The number of the weight that is tap {@code a} of phase ρ, or −1 for none. */
    int weight(int a, int phase) {
      if (stride == 1) {
        return a;
      }
      int place = stride * a + phase;
      return place % dilation == 0 && place / dilation < kernel ? place / dilation : -1;
    }

    /** Zeros in front of the image; less than none where its begin is not looked at. */
    int before() {
      return (taps() - 1) * tapDilation() - begin / stride;
    }

    int behind() {
      return (begin + to - 1) / stride - (from - 1);
    }
  }

  void read() {
    call.inputs(2, 3);
    OnnxFlow x = call.image(0);
    Shape image = call.shape(x);
    String name = call.constant(1);
    Tensor weight = call.constants().floats(name);
    int groups = call.attributes().integer("group", 1);
    if (weight.shape().rank() != 4
        || groups < 1
        || weight.shape().dimension(0) != image.dimension(0)
        || image.dimension(0) % groups != 0) {
      throw new IllegalArgumentException(
          "expected a weight ("
              + image.dimension(0)
              + ", O / groups, kH, kW) and groups of these channels, found shape "
              + weight.shape()
              + " and "
              + groups);
    }
    Axis[] axes = axes(image, weight.shape());
    Axis rows = axes[0];
    Axis columns = axes[1];
    OnnxFlow placed =
        new OnnxPads(call)
            .moved(x, rows.before(), columns.before(), rows.behind(), columns.behind());
    Operation.Conv2d conv =
        new Operation.Conv2d(
            Extent.ONE,
            Extent.ZERO,
            new Extent(rows.tapDilation(), columns.tapDilation()),
            groups,
            Precision.FLOAT);
    OnnxFlow result =
        call.stepFirst(placed, "phases", conv, parameters(weight, groups, rows, columns));
    Extent stride = new Extent(rows.stride(), columns.stride());
    if (!stride.equals(Extent.ONE)) {
      result = new OnnxBlocks(call).asPixels(result, stride, groups > 1);
    }
    Extent size = new Extent(rows.to(), columns.to());
    Shape whole = call.shape(result);
    if (whole.dimension(1) != rows.to() || whole.dimension(2) != columns.to()) {
      Operation crop =
          new Operation.CropImage(
              rows.begin() % rows.stride(), columns.begin() % columns.stride(), size);
      result = call.stepFirst(result, "part", crop);
    }
    call.rename(result);
  }

  private Axis[] axes(Shape image, Shape weight) {
    Extent kernel =
        new Extent(
            OnnxAttributes.small("the kernel's height", weight.dimension(2)),
            OnnxAttributes.small("the kernel's width", weight.dimension(3)));
    Extent declared = call.attributes().extent("kernel_shape").orElse(kernel);
    if (!declared.equals(kernel)) {
      throw new IllegalArgumentException(
          "expected kernel_shape " + kernel + " as in the weight, found " + declared);
    }
    Extent stride = call.attributes().extent("strides").orElse(Extent.ONE);
    Extent dilation = call.attributes().extent("dilations").orElse(Extent.ONE);
    Extent more = call.attributes().extent("output_padding").orElse(Extent.ZERO);
    Optional<long[]> asked = call.attributes().integers("output_shape");
    int[] pads = call.attributes().pads();
    String automatic = call.attributes().text("auto_pad", "NOTSET");
    if (!stride.isPositive() || !dilation.isPositive()) {
      throw new IllegalArgumentException(
          "expected strides and dilations of at least 1, found " + stride + " and " + dilation);
    }
    int[] sizes = asked.map(OnnxConvTranspose::lastTwo).orElse(null);
    int[][] each = {
      {image.dimension(1), kernel.height(), stride.height(), dilation.height(), more.height()},
      {image.dimension(2), kernel.width(), stride.width(), dilation.width(), more.width()}
    };
    Axis[] axes = new Axis[2];
    for (int i = 0; i < 2; i++) {
      int[] axis = each[i];
      long whole = (axis[0] - 1L) * axis[2] + axis[3] * (axis[1] - 1L) + 1 + axis[4];
      long begin = pads[i];
      long end = pads[2 + i];
      boolean same = automatic.startsWith("SAME");
      if (sizes != null || same) {
        long size = sizes != null ? sizes[i] : (long) axis[0] * axis[2];
        long all = Math.max(0, whole - size);
        begin = automatic.equals("SAME_UPPER") ? all / 2 : all - all / 2;
        end = all - begin;
        whole = sizes != null ? size + all : whole;
      } else if (automatic.equals("VALID")) {
        begin = 0;
        end = 0;
      }
      if (whole > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "expected at most "
                + Integer.MAX_VALUE
                + " pixels before any is cut off, found "
                + whole);
      }
      long to = whole - begin - end;
      if (to < 1) {
        throw new IllegalArgumentException("expected a result with pixels, found none");
      }
      axes[i] =
          new Axis(
              axis[0],
              axis[1],
              axis[2],
              axis[3],
              (int) begin,
              OnnxAttributes.small("the result's extent", to));
    }
    return axes;
  }

  private static int[] lastTwo(long[] shape) {
    if (shape.length < 2) {
      throw new IllegalArgumentException(
          "expected output_shape with two extents, found " + Arrays.toString(shape));
    }
    return Arrays.stream(shape, shape.length - 2, shape.length)
        .mapToInt(extent -> OnnxAttributes.small("output_shape", extent))
        .toArray();
  }

  /** The weights of all phases, and for each of these the bias. */
  private String[] parameters(Tensor weight, int groups, Axis rows, Axis columns) {
    int perGroup = weight.shape().dimension(0) / groups;
    int outputs = weight.shape().dimension(1);
    int phases = rows.stride() * columns.stride();
    long size = (long) groups * outputs * phases * perGroup * rows.taps() * columns.taps();
    if (size > OnnxLimits.MOST_ELEMENTS) {
      throw new IllegalArgumentException(
          "expected a stride that the kernel is large enough for, found "
              + rows.stride()
              + "x"
              + columns.stride());
    }
    float[] values = new float[(int) size];
    float[] bias = new float[groups * outputs * phases];
    float[] given = call.has(2) ? call.constants().floats(call.constant(2)).values() : null;
    if (given != null && given.length != groups * outputs) {
      throw new IllegalArgumentException(
          "expected a bias of " + groups * outputs + ", found " + given.length);
    }
    int next = 0;
    for (int o = 0; o < bias.length; o++) {
      // Neighbouring channels become one pixel's block within groups; else each phase is a block.
      int output = groups > 1 ? o / phases : o % outputs;
      int phase = groups > 1 ? o % phases : o / outputs;
      if (given != null) {
        bias[o] = given[output];
      }
      for (int c = 0; c < perGroup; c++) {
        int channel = output / outputs * perGroup + c;
        int kernel = (channel * outputs + output % outputs) * rows.kernel();
        for (int a = rows.taps() - 1; a >= 0; a--) {
          for (int b = columns.taps() - 1; b >= 0; b--) {
            int row = rows.weight(a, phase / columns.stride());
            int column = columns.weight(b, phase % columns.stride());
            values[next++] =
                row < 0 || column < 0
                    ? 0
                    : weight.values()[(kernel + row) * columns.kernel() + column];
          }
        }
      }
    }
    Shape shape = Shape.of(bias.length, perGroup, rows.taps(), columns.taps());
    String phased = call.derived("phases/weight", new Tensor(shape, values));
    return given == null
        ? new String[] {phased}
        : new String[] {phased, call.derived("phases/bias", Tensor.vector(bias))};
  }
}
