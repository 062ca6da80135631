package shallows.model.onnx.read;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;
import shallows.model.onnx.constant.OnnxAttributes;

/** What is put around an image, or taken from its edges. */
final class OnnxPads {
  private final OnnxCall call;

  OnnxPads(OnnxCall call) {
    this.call = call;
  }

  /** Positive amounts add, negative ones take away. */
  void pad() {
    call.inputs(1, 4);
    String mode = call.attributes().text("mode", "constant");
    Operation.Border border =
        switch (mode) {
          case "constant" -> Operation.Border.ZEROS;
          case "reflect" -> Operation.Border.REFLECTION;
          case "edge" -> Operation.Border.EDGE;
          default -> throw new IllegalArgumentException("expected a known mode, found " + mode);
        };
    float with = call.has(2) ? call.constants().scalar(call.constant(2)) : 0;
    with = call.attributes().number("value", with);
    OnnxFlow given = call.flow(0);
    OnnxLayout layout = given.layout();
    boolean turned = isTurned(given);
    OnnxFlow x = turned ? given.withLayout(OnnxLayout.first(call.shape(given))) : call.image(0);
    int[] asked = allPads();
    int[] sides = turned ? ofOwnAxes(layout, asked) : asked;
    if (sides[0] != 0 || sides[4] != 0) {
      throw new IllegalArgumentException(
          "expected no pads of the batch, found " + Arrays.toString(sides));
    }
    Shape before = call.shape(x);
    OnnxFlow result = cropped(x, sides);
    int[] more = Arrays.stream(sides).map(amount -> Math.max(0, amount)).toArray();
    boolean padsImage = more[2] + more[3] + more[6] + more[7] > 0;
    if (padsImage) {
      Operation image = new Operation.PadImage(more[2], more[3], more[6], more[7], border);
      result = call.stepFirst(result, "padded", image);
    }
    if (more[1] + more[5] > 0) {
      if (border != Operation.Border.ZEROS) {
        throw call.misfit("zeros as new channels, not the mode " + mode, x);
      }
      result = call.stepFirst(result, "channels", new Operation.PadChannels(more[1], more[5]));
    }
    if (with != 0 && border == Operation.Border.ZEROS && !result.value().equals(x.value())) {
      result = around(result, more, with);
    }
    if (call.shape(result).equals(before) && result.value().equals(x.value())) {
      call.alias(turned ? given : x);
    } else {
      call.rename(turned ? result.withLayout(as(layout, call.shape(result))) : result);
    }
  }

  /** Zeros around an image, or rows and columns less where there are less than none. */
  OnnxFlow moved(OnnxFlow x, int top, int left, int bottom, int right) {
    OnnxFlow result = cropped(x, new int[] {0, 0, top, left, 0, 0, bottom, right});
    Operation zeros =
        new Operation.PadImage(
            Math.max(0, top), Math.max(0, left), Math.max(0, bottom), Math.max(0, right));
    return Math.max(Math.max(top, left), Math.max(bottom, right)) > 0
        ? call.stepFirst(result, "padded", zeros)
        : result;
  }

  /** Whether each axis of the file is a whole one of the value, but in another order. */
  private boolean isTurned(OnnxFlow x) {
    return x.layout().rank() == 4
        && call.shape(x).rank() == 3
        && !x.layout().isFirst(call.shape(x))
        && x.layout().isOfWholeAxes(call.shape(x))
        && x.layout().axes().stream().noneMatch(List::isEmpty);
  }

  /** The pads in the order of the axes of the value. */
  private static int[] ofOwnAxes(OnnxLayout layout, int[] pads) {
    int[] own = pads.clone();
    for (int axis = 1; axis < 4; axis++) {
      int to = 1 + layout.all().get(axis).get(0).dimension();
      own[to] = pads[axis];
      own[4 + to] = pads[4 + axis];
    }
    return own;
  }

  /** The same axes of a value of another size. */
  private static OnnxLayout as(OnnxLayout layout, Shape shape) {
    return OnnxLayout.behind(
        layout.axes().stream()
            .map(axis -> axis.get(0).dimension())
            .map(dimension -> OnnxLayout.whole(dimension, shape.dimension(dimension)))
            .toList());
  }

  private OnnxFlow cropped(OnnxFlow x, int[] sides) {
    int[] less = Arrays.stream(sides).map(amount -> Math.max(0, -amount)).toArray();
    Shape shape = call.shape(x);
    OnnxFlow result = x;
    if (less[1] + less[5] > 0) {
      Operation slice = new Operation.SliceChannels(less[1], shape.dimension(0) - less[5]);
      result = call.stepFirst(result, "slice", slice);
    }
    if (less[2] + less[3] + less[6] + less[7] > 0) {
      Extent size =
          new Extent(
              shape.dimension(1) - less[2] - less[6], shape.dimension(2) - less[3] - less[7]);
      result = call.stepFirst(result, "crop", new Operation.CropImage(less[2], less[3], size));
    }
    return result;
  }

  /** Zeros become another number by a sum with what has it there and zeros elsewhere. */
  private OnnxFlow around(OnnxFlow x, int[] pads, float with) {
    Shape shape = call.shape(x);
    boolean channels = pads[1] + pads[5] > 0;
    int[] extents = {channels ? shape.dimension(0) : 1, shape.dimension(1), shape.dimension(2)};
    Tensor border = new Tensor(Shape.of(extents), new float[Shape.of(extents).size()]);
    int i = 0;
    for (int c = 0; c < extents[0]; c++) {
      for (int row = 0; row < extents[1]; row++) {
        for (int column = 0; column < extents[2]; column++) {
          boolean inside =
              (!channels || c >= pads[1] && c < extents[0] - pads[5])
                  && row >= pads[2]
                  && row < extents[1] - pads[6]
                  && column >= pads[3]
                  && column < extents[2] - pads[7];
          border.values()[i++] = inside ? 0 : with;
        }
      }
    }
    String name = call.constants().derived(call.output() + "/border", border);
    return call.step(x, "around", new Operation.Binary(Operation.Function.ADD), name);
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
    return Arrays.stream(pads)
        .mapToInt(
            pad ->
                Long.signum(pad)
                    * OnnxAttributes.small("pads", Math.abs(Math.max(pad, -Integer.MAX_VALUE))))
        .toArray();
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
