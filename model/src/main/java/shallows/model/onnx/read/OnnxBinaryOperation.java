package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * An operation of two values, and the axes that its result has in the file. Their own axes are made
 * to meet where they do not yet.
 */
record OnnxBinaryOperation(
    Operation operation, OnnxFlow first, OnnxFlow second, OnnxLayout layout) {
  static OnnxBinaryOperation of(
      OnnxCall call, Operation.Function function, OnnxFlow first, OnnxFlow second) {
    OnnxLayout layout = OnnxAlignment.common(first, call.shape(first), second, call.shape(second));
    OnnxFlow x = first;
    OnnxFlow y = second;
    if (layout == null) {
      if (first.layout().rank() != second.layout().rank()) {
        throw call.misfit("two inputs with as many axes", second);
      }
      x = OnnxAlignment.unrepeated(first);
      y = OnnxAlignment.unrepeated(second);
      boolean toFirst = OnnxOneOrder.isPlain(x, call.shape(x));
      Optional<OnnxFlow> turned =
          toFirst ? OnnxOneOrder.as(call, x, y) : OnnxOneOrder.as(call, y, x);
      if (turned.isPresent()) {
        x = toFirst ? x : turned.get();
        y = toFirst ? turned.get() : y;
        layout = OnnxAlignment.common(x, call.shape(x), y, call.shape(y));
      }
      boolean image = first.layout().isInFront() && first.layout().rank() <= 4;
      Optional<List<OnnxFlow>> apart =
          layout == null && !image
              ? OnnxOneOrder.apart(
                  call, OnnxAlignment.unrepeated(first), OnnxAlignment.unrepeated(second))
              : Optional.empty();
      if (apart.isPresent()) {
        x = apart.get().get(0);
        y = apart.get().get(1);
        layout = OnnxAlignment.common(x, call.shape(x), y, call.shape(y));
      }
      if (layout == null) {
        x = call.first(OnnxAlignment.unrepeated(first));
        y = call.first(OnnxAlignment.unrepeated(second));
        layout = OnnxAlignment.common(x, call.shape(x), y, call.shape(y));
        // Of a value of three axes it is an image of one row.
        boolean row = layout != null && first.layout().rank() == 3;
        layout = row ? layout.without(List.of(2)) : layout;
      }
      if (layout == null) {
        throw call.misfit("two inputs whose extents are the same or 1", second);
      }
      if (!Arrays.equals(
          layout.extents(call.imported().images()), OnnxAlignment.extents(call, first, second))) {
        throw call.misfit("an input that is as large as what it is expanded to", second);
      }
    }
    Shape a = call.shape(x);
    Shape b = call.shape(y);
    boolean same = a.equals(b);
    boolean gate = a.rank() == 3 && b.equals(Shape.of(a.dimension(0), 1, 1));
    boolean gated = b.rank() == 3 && a.equals(Shape.of(b.dimension(0), 1, 1));
    if (same && function == Operation.Function.ADD) {
      return new OnnxBinaryOperation(new Operation.Add(), x, y, layout);
    }
    if (same && function == Operation.Function.SUBTRACT) {
      OnnxFlow negative = call.step(y, "negative", new Operation.Scale(-1));
      return new OnnxBinaryOperation(new Operation.Add(), x, negative, layout);
    }
    if (function == Operation.Function.MULTIPLY && (same || gate || gated)) {
      boolean turned = gated && !same && !gate;
      return new OnnxBinaryOperation(
          new Operation.Multiply(), turned ? y : x, turned ? x : y, layout);
    }
    return new OnnxBinaryOperation(new Operation.Binary(function), x, y, layout);
  }
}
