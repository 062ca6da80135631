package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/** Operators that keep every number where it is and give it other axes. */
final class OnnxReshape {
  private final OnnxCall call;

  OnnxReshape(OnnxCall call) {
    this.call = call;
  }

  void flatten() {
    call.inputs(1, 1);
    OnnxFlow x = call.flow(0);
    int rank = x.layout().rank();
    int asked = call.attributes().signed("axis", 1);
    int axis = OnnxAxes.axis(asked < 0 ? asked + rank : asked, rank + 1);
    if (axis != 1) {
      throw new IllegalArgumentException("expected axis 1, found " + axis);
    }
    toVector(x);
  }

  /** Channels outermost, as a graph has it; channels last only where there is one position. */
  private void toVector(OnnxFlow x) {
    if (x.layout().equals(OnnxLayout.VECTOR)) {
      call.alias(x);
      return;
    }
    Shape shape = call.shape(x);
    boolean onePosition = shape.size() == shape.dimension(0);
    if (!x.layout().equals(OnnxLayout.FIRST) && !(x.layout().isImage() && onePosition)) {
      throw call.misfit("channels first, or one position, before a vector", x);
    }
    call.emit(new Operation.Flatten(), OnnxLayout.VECTOR, List.of(x.value()));
  }

  void squeeze() {
    call.inputs(1, 2);
    OnnxFlow x = call.image(0);
    int row = x.layout().heightAxis();
    List<Integer> axes = OnnxAxes.axes(call, x.layout().rank());
    Shape shape = call.shape(x);
    if (!axes.equals(List.of(row, row + 1)) || shape.size() != shape.dimension(0)) {
      throw call.misfit("rows and columns of extent 1 to squeeze, not axes " + axes, x);
    }
    toVector(x);
  }

  void unsqueeze() {
    call.inputs(1, 2);
    OnnxFlow x = call.flow(0, OnnxLayout.VECTOR);
    List<Integer> axes = OnnxAxes.axes(call, 4);
    boolean first = axes.equals(List.of(2, 3));
    if (!first && !axes.equals(List.of(1, 2))) {
      throw new IllegalArgumentException("expected axes 2, 3 or 1, 2, found " + axes);
    }
    OnnxLayout layout = first ? OnnxLayout.FIRST : OnnxLayout.LAST;
    call.emit(new Operation.Unflatten(), layout, List.of(x.value()));
  }

  void reshape() {
    call.inputs(1, 2);
    boolean zeros = call.attributes().integer("allowzero", 0) != 0;
    OnnxFlow x = call.flow(0);
    long[] asked = call.attributes().integers("shape").orElseGet(() -> call.integers(1));
    if (zeros && Arrays.stream(asked).anyMatch(extent -> extent == 0)) {
      throw new IllegalArgumentException("expected a value with elements, found shape with 0");
    }
    long[] target = asked.clone();
    long[] before = call.imported().extents(x);
    if (target.length == 0 || !call.imported().isBatch(target[0])) {
      throw call.misfit("a shape that keeps the batch, not " + described(asked), x);
    }
    target[0] = OnnxImport.BATCH;
    fill(target, before, asked);
    if (Arrays.equals(target, before)) {
      call.alias(x);
    } else if (target.length == 2) {
      toVector(x);
    } else if (x.layout().equals(OnnxLayout.VECTOR) && target.length == 4) {
      toImage(x, target, asked);
    } else if (x.layout().equals(OnnxLayout.FIRST) && target.length == 5) {
      group(x, target, asked);
    } else if (x.layout().order() == OnnxLayout.Order.SWAPPED
        && Arrays.equals(target, call.imported().extents(first(x)))) {
      // First (g, C/g), then (C/g, g), then C again.
      Operation shuffle = new Operation.ChannelShuffle(x.layout().groups());
      call.emit(shuffle, OnnxLayout.FIRST, List.of(x.value()));
    } else {
      throw call.misfit("a shape that a graph knows, not " + described(asked), x);
    }
  }

  private static OnnxFlow first(OnnxFlow x) {
    return new OnnxFlow(x.value(), OnnxLayout.FIRST);
  }

  /** Puts numbers for 0, which copies an extent, and −1, which is what is left. */
  private void fill(long[] target, long[] before, long[] asked) {
    long size = 1;
    for (int i = 1; i < before.length; i++) {
      size *= before[i];
    }
    int open = -1;
    long given = 1;
    for (int i = 1; i < target.length; i++) {
      if (target[i] == 0 && i < before.length) {
        target[i] = before[i];
      }
      if (target[i] == -1) {
        open = i;
      } else if (target[i] < 1 || target[i] > size) {
        throw new IllegalArgumentException("expected extents, found " + described(asked));
      } else {
        given *= target[i];
        if (given > size) {
          break;
        }
      }
    }
    if (open > 0) {
      target[open] = size / given;
      given *= target[open];
    }
    if (given != size) {
      throw new IllegalArgumentException(
          "expected a shape of " + size + " numbers, found " + described(asked));
    }
  }

  private void toImage(OnnxFlow x, long[] target, long[] asked) {
    boolean first = target[2] == 1 && target[3] == 1;
    boolean last = target[1] == 1 && target[2] == 1;
    if (!first && !last) {
      throw call.misfit("an image of one position, not " + described(asked), x);
    }
    OnnxLayout layout = first ? OnnxLayout.FIRST : OnnxLayout.LAST;
    call.emit(new Operation.Unflatten(), layout, List.of(x.value()));
  }

  private void group(OnnxFlow x, long[] target, long[] asked) {
    Shape shape = call.shape(x);
    if (target[1] * target[2] != shape.dimension(0)
        || target[3] != shape.dimension(1)
        || target[4] != shape.dimension(2)) {
      throw call.misfit("the channels in groups, not " + described(asked), x);
    }
    call.alias(new OnnxFlow(x.value(), new OnnxLayout(OnnxLayout.Order.GROUPED, (int) target[1])));
  }

  private static String described(long[] shape) {
    return Arrays.toString(shape).replace(Long.toString(OnnxImport.BATCH), "N");
  }
}
