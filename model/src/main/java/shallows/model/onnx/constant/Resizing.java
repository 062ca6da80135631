package shallows.model.onnx.constant;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How an ONNX file makes an axis longer or shorter, by its operators Resize and Upsample: nearest
 * neighbours, lines or cubic curves (Keys 1981), in any of its ways to count places. What lies
 * outside is as what is at the edge, but for {@code tf_crop_and_resize}.
 *
 * @param mode {@code nearest}, {@code linear} or {@code cubic}
 * @param coordinates what ONNX calls {@code coordinate_transformation_mode}: where the place of a
 *     new number lies among the old ones
 * @param rounding what ONNX calls {@code nearest_mode}, or {@code simple}: which neighbour is the
 *     nearest one
 * @param cubic Keys' a: the slope of a cubic curve at distance 1
 * @param excludesOutside whether a cubic curve leaves out what lies outside
 * @param antialiases whether curves get wider where there are fewer numbers than before
 * @param outside what stands beyond the edges in {@code tf_crop_and_resize}
 */
public record Resizing(
    String mode,
    String coordinates,
    String rounding,
    double cubic,
    boolean excludesOutside,
    boolean antialiases,
    double outside) {
  /** Of a cubic curve, where the file names none. */
  private static final float CUBIC = -0.75f;

  private static final String CROP = "tf_crop_and_resize";

  /** Until opset 10: down for more numbers, up for fewer. */
  private static final String SIMPLE = "simple";

  /** Until opset 10 there is one way, without attributes for it. */
  static boolean isOld(String operator, int opset) {
    return operator.equals("Upsample") || opset < 11;
  }

  /**
   * @param operator Resize or Upsample
   * @param opset by which it is meant
   * @throws IllegalArgumentException when it is no way that ONNX knows
   */
  public static Resizing of(OnnxAttributes attributes, String operator, int opset) {
    boolean old = isOld(operator, opset);
    Resizing way =
        new Resizing(
            attributes.text("mode", "nearest"),
            attributes.text("coordinate_transformation_mode", old ? "asymmetric" : "half_pixel"),
            attributes.text("nearest_mode", old ? SIMPLE : "round_prefer_floor"),
            attributes.number("cubic_coeff_a", CUBIC),
            attributes.integer("exclude_outside", 0) != 0,
            attributes.integer("antialias", 0) != 0,
            attributes.number("extrapolation_value", 0));
    if (!way.mode.equals("nearest") && way.reach() == 0) {
      throw new IllegalArgumentException(
          "expected mode nearest, linear or cubic, found " + way.mode);
    }
    return way;
  }

  /** Whether each new number is an old one. */
  public boolean isNearest() {
    return mode.equals("nearest");
  }

  /** Whether new numbers may lie where there are no old ones. */
  public boolean crops() {
    return coordinates.equals(CROP);
  }

  /** To how far from a place numbers count; 0 where that is not so. */
  private int reach() {
    return mode.equals("linear") ? 1 : mode.equals("cubic") ? 2 : 0;
  }

  /**
   * The old numbers that one new number is made of.
   *
   * @param first the number of the first one
   * @param weights what each counts from there on; none where the new one lies outside
   */
  public record Window(int first, double[] weights) {
    /** What an old number counts. */
    public double weight(int index) {
      int place = index - first;
      return place < 0 || place >= weights.length ? 0 : weights[place];
    }
  }

  /**
   * What each new number along an axis is made of.
   *
   * @return as many as the axis has numbers then
   * @throws IllegalArgumentException when ONNX has no such coordinates or rounding
   */
  public Window[] windows(ResizedAxis axis) {
    return IntStream.range(0, axis.to())
        // Where only other axes change, no rounding moves this one, as runtimes have it.
        .mapToObj(i -> axis.isSame() ? new Window(i, new double[] {1}) : window(i, axis))
        .toArray(Window[]::new);
  }

  private Window window(int i, ResizedAxis axis) {
    float place = place(i, axis);
    if (crops() && (place < 0 || place > axis.from() - 1)) {
      return new Window(0, new double[0]);
    }
    return isNearest()
        ? new Window(inside(nearest(place, axis.scale()), axis.from()), new double[] {1})
        : curve(place, axis);
  }

  /** Where the number lies that goes to place i; in single precision, as runtimes compute it. */
  private float place(int i, ResizedAxis axis) {
    float scale = (float) axis.scale();
    int from = axis.from();
    int to = axis.to();
    return switch (coordinates) {
      case "half_pixel" -> (i + 0.5f) / scale - 0.5f;
      case "half_pixel_symmetric" ->
          from / 2f * (1 - to / (scale * from)) + (i + 0.5f) / scale - 0.5f;
      case "pytorch_half_pixel" -> to > 1 ? (i + 0.5f) / scale - 0.5f : 0;
      case "align_corners" -> to > 1 ? (float) i * (from - 1) / (to - 1) : 0;
      case "asymmetric" -> i / scale;
      case "tf_half_pixel_for_nn" -> (i + 0.5f) / scale;
      case CROP ->
          to > 1
              ? axis.start() * (from - 1) + i * (axis.end() - axis.start()) * (from - 1) / (to - 1)
              : 0.5f * (axis.start() + axis.end()) * (from - 1);
      default ->
          throw new IllegalArgumentException("expected known coordinates, found " + coordinates);
    };
  }

  private int nearest(float x, double scale) {
    return (int)
        switch (rounding) {
          case SIMPLE -> scale < 1 ? Math.ceil(x) : Math.floor(x);
          case "floor" -> Math.floor(x);
          case "ceil" -> Math.ceil(x);
          case "round_prefer_ceil" -> Math.floor(x + 0.5);
          case "round_prefer_floor" -> Math.ceil(x - 0.5);
          default ->
              throw new IllegalArgumentException(
                  "expected a known nearest_mode, found " + rounding);
        };
  }

  private Window curve(double x, ResizedAxis axis) {
    int from = axis.from();
    boolean wide = antialiases && axis.scale() < 1;
    double stretch = wide ? axis.scale() : 1;
    double center = reach() == 1 && !wide ? Math.max(0, Math.min(from - 1, x)) : x;
    int reach = (int) Math.ceil(reach() / stretch);
    int low = (int) Math.floor(center) - reach;
    int high = (int) Math.floor(center) + reach + 1;
    int first = inside(low, from);
    double[] weights = new double[inside(high, from) - first + 1];
    for (int j = low; j <= high; j++) {
      if (j >= 0 && j < from || !excludesOutside) {
        weights[inside(j, from) - first] += weight((j - center) * stretch);
      }
    }
    double sum = Arrays.stream(weights).sum();
    for (int j = 0; j < weights.length; j++) {
      weights[j] /= sum;
    }
    return new Window(first, weights);
  }

  /** What a number counts that lies so far away. */
  private double weight(double distance) {
    double d = Math.abs(distance);
    if (reach() == 1) {
      return Math.max(0, 1 - d);
    }
    double a = cubic;
    return d <= 1
        ? ((a + 2) * d - (a + 3)) * d * d + 1
        : d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  private static int inside(int index, int size) {
    return Math.max(0, Math.min(size - 1, index));
  }
}
