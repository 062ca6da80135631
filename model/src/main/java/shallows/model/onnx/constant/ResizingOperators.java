package shallows.model.onnx.constant;

import java.util.Map;
import java.util.function.Function;

/** Tables of other sizes, as position embeddings are stretched to an image, axis by axis. */
final class ResizingOperators {
  private ResizingOperators() {}

  static Map<String, Function<ConstantCall, Constant>> all() {
    return Map.of(
        "Resize", call -> resize(call, "Resize"), "Upsample", call -> resize(call, "Upsample"));
  }

  private static Constant resize(ConstantCall call, String operator) {
    Constant x = call.input(0);
    Resizing way = Resizing.of(call.attributes(), operator, call.opset());
    boolean old = Resizing.isOld(operator, call.opset());
    int factors = old ? 1 : 2;
    boolean sized = !old && call.has(3);
    ResizedAxis[] axes =
        ResizedAxis.of(
            call.attributes(),
            x.extents(),
            !old && way.crops() ? call.input(1).tensor().values() : null,
            sized
                ? null
                : call.has(factors)
                    ? call.input(factors).tensor().values()
                    : call.attributes().numbers("scales"),
            sized ? call.input(3).integers() : null);
    Constant result = x;
    for (int axis = 0; axis < axes.length; axis++) {
      if (axes[axis].from() > 0 && !axes[axis].isSame()) {
        result = along(result, axis, axes[axis], way);
      }
    }
    return result;
  }

  private static Constant along(Constant x, int axis, ResizedAxis resized, Resizing way) {
    int from = resized.from();
    int size = resized.to();
    int step = x.steps()[axis];
    int[] target = x.extents();
    target[axis] = size;
    Resizing.Window[] windows = way.windows(resized);
    if (way.isNearest() && !way.crops()) {
      return x.picked(
          target, 0, to -> row(to, step, size, from) + windows[to / step % size].first() * step);
    }
    if (!x.isFloating()) {
      throw new IllegalArgumentException("expected floats, found elements of type " + x.type());
    }
    return Constant.floating(
        x.type(),
        target,
        to -> {
          Resizing.Window window = windows[to / step % size];
          int first = row(to, step, size, from) + window.first() * step;
          double sum = window.weights().length == 0 ? way.outside() : 0;
          for (int j = 0; j < window.weights().length; j++) {
            sum += window.weights()[j] * x.number(first + j * step);
          }
          return sum;
        });
  }

  /** Where the row begins, among the old numbers, that a new number is in. */
  private static int row(int to, int step, int size, int from) {
    return to / (step * size) * step * from + to % step;
  }
}
