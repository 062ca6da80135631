package shallows.model.onnx.constant;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Tables of other sizes, as position embeddings are stretched to an image: along one axis after the
 * other, by nearest neighbours, lines or cubic curves (Keys 1981), with the formulas of ONNX's
 * Resize. What lies outside is as what is at the edge.
 */
final class ResizingOperators {
  /** Of a cubic curve, where the file names none. */
  private static final float CUBIC = -0.75f;

  /** Along an axis that is resized, before and behind; no image has more rows. */
  private static final int LONGEST = 1 << 16;

  /** Of a number: what is a whole one but for rounding is rounded as one. */
  private static final double TINY = 1e-9;

  /** Until opset 10: down for more numbers, up for fewer. */
  private static final String SIMPLE = "simple";

  private ResizingOperators() {}

  static Map<String, Function<ConstantCall, Constant>> all() {
    return Map.of("Resize", ResizingOperators::resize, "Upsample", ResizingOperators::resize);
  }

  /** How numbers along an axis are found. */
  private record Way(
      String mode,
      String coordinates,
      String rounding,
      double cubic,
      boolean excludesOutside,
      boolean antialiases) {

    static Way of(ConstantCall call) {
      boolean old = call.opset() < 11;
      OnnxAttributes attributes = call.attributes();
      attributes.number("extrapolation_value", 0);
      Way way =
          new Way(
              attributes.text("mode", "nearest"),
              attributes.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel"),
              attributes.text("nearest_mode", old ? SIMPLE : "round_prefer_floor"),
              attributes.number("cubic_coeff_a", CUBIC),
              attributes.integer("exclude_outside", 0) != 0,
              attributes.integer("antialias", 0) != 0);
      if (!way.mode.equals("nearest") && way.reach() == 0) {
        throw new IllegalArgumentException(
            "expected mode nearest, linear or cubic, found " + way.mode);
      }
      return way;
    }

    /** To how far from a position numbers count; 0 where that is not so. */
    int reach() {
      return mode.equals("linear") ? 1 : mode.equals("cubic") ? 2 : 0;
    }

    /** Where the number lies that goes to place i. */
    double position(int i, int from, int to, double scale) {
      return switch (coordinates) {
        case "half_pixel" -> (i + 0.5) / scale - 0.5;
        case "half_pixel_symmetric" ->
            from / 2.0 * (1 - to / (scale * from)) + (i + 0.5) / scale - 0.5;
        case "pytorch_half_pixel" -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
        case "align_corners" -> to > 1 ? (double) i * (from - 1) / (to - 1) : 0;
        case "asymmetric" -> i / scale;
        case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
        default ->
            throw new IllegalArgumentException("expected known coordinates, found " + coordinates);
      };
    }

    int nearest(double x, double scale) {
      return (int)
          switch (rounding) {
            case SIMPLE -> scale < 1 ? Math.ceil(x - TINY) : Math.floor(x + TINY);
            case "floor" -> Math.floor(x + TINY);
            case "ceil" -> Math.ceil(x - TINY);
            case "round_prefer_ceil" -> Math.floor(x + 0.5 + TINY);
            case "round_prefer_floor" -> Math.ceil(x - 0.5 - TINY);
            default ->
                throw new IllegalArgumentException(
                    "expected a known nearest_mode, found " + rounding);
          };
    }

    /** What a number counts that lies so far away. */
    double weight(double distance) {
      double d = Math.abs(distance);
      if (reach() == 1) {
        return Math.max(0, 1 - d);
      }
      double a = cubic;
      return d <= 1
          ? ((a + 2) * d - (a + 3)) * d * d + 1
          : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }
  }

  private static Constant resize(ConstantCall call) {
    Constant x = call.input(0);
    Way way = Way.of(call);
    String policy = call.attributes().text("keep_aspect_ratio_policy", "stretch");
    if (!policy.equals("stretch")) {
      throw new IllegalArgumentException("expected sizes as they are, found policy " + policy);
    }
    int[] axes =
        call.attributes()
            .integers("axes")
            .map(
                some -> Arrays.stream(some).mapToInt(a -> ConstantCall.axis(a, x.rank())).toArray())
            .orElseGet(() -> IntStream.range(0, x.rank()).toArray());
    boolean sized = call.has(3);
    int factors = call.opset() < 11 ? 1 : 2;
    double[] asked =
        sized
            ? numbers(call.input(3))
            : call.has(factors) ? numbers(call.input(factors)) : attribute(call);
    if (asked.length != axes.length) {
      throw new IllegalArgumentException(
          "expected a size of each of " + axes.length + " axes, found " + asked.length);
    }
    Constant result = x;
    for (int i = 0; i < axes.length; i++) {
      int from = x.extent(axes[i]);
      double to = sized ? asked[i] : Math.floor(from * asked[i] + TINY);
      int size = ConstantCall.extents(new long[] {(long) to})[0];
      double scale = sized ? to / from : asked[i];
      if (from > 0 && (size != from || scale != 1)) {
        result = along(result, axes[i], size, scale, way);
      }
    }
    return result;
  }

  private static double[] numbers(Constant constant) {
    return IntStream.range(0, constant.size()).mapToDouble(constant::number).toArray();
  }

  private static double[] attribute(ConstantCall call) {
    float[] scales = call.attributes().numbers("scales");
    return IntStream.range(0, scales.length).mapToDouble(i -> scales[i]).toArray();
  }

  private static Constant along(Constant x, int axis, int size, double scale, Way way) {
    int from = x.extent(axis);
    if (Math.max(from, size) > LONGEST) {
      throw new IllegalArgumentException(
          "expected at most " + LONGEST + " numbers along an axis, found " + from + " to " + size);
    }
    int step = x.steps()[axis];
    int[] target = x.extents();
    target[axis] = size;
    if (way.reach() == 0) {
      int[] sources =
          IntStream.range(0, size)
              .map(i -> inside(way.nearest(way.position(i, from, size, scale), scale), from))
              .toArray();
      return x.picked(
          target, 0, to -> row(to, step, size, from) + sources[to / step % size] * step);
    }
    if (!x.isFloating()) {
      throw new IllegalArgumentException("expected floats, found elements of type " + x.type());
    }
    Window[] windows = new Window[size];
    for (int i = 0; i < size; i++) {
      windows[i] = Window.of(way.position(i, from, size, scale), from, scale, way);
    }
    return Constant.floating(
        x.type(),
        target,
        to -> {
          Window window = windows[to / step % size];
          int first = row(to, step, size, from) + window.first() * step;
          double sum = 0;
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

  private static int inside(int index, int size) {
    return Math.max(0, Math.min(size - 1, index));
  }

  /** The old numbers that one new is made of, from the first on, and what each counts. */
  private record Window(int first, double[] weights) {
    static Window of(double x, int from, double scale, Way way) {
      boolean wide = way.antialiases() && scale < 1;
      double stretch = wide ? scale : 1;
      double center = way.reach() == 1 && !wide ? Math.max(0, Math.min(from - 1, x)) : x;
      int reach = (int) Math.ceil(way.reach() / stretch);
      int low = (int) Math.floor(center) - reach;
      int high = (int) Math.floor(center) + reach + 1;
      int first = inside(low, from);
      double[] weights = new double[inside(high, from) - first + 1];
      for (int j = low; j <= high; j++) {
        if (j >= 0 && j < from || !way.excludesOutside()) {
          weights[inside(j, from) - first] += way.weight((j - center) * stretch);
        }
      }
      double sum = Arrays.stream(weights).sum();
      for (int j = 0; j < weights.length; j++) {
        weights[j] /= sum;
      }
      return new Window(first, weights);
    }
  }
}
