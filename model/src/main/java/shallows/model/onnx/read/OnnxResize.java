package shallows.model.onnx.read;

import java.util.Arrays;
import java.util.stream.IntStream;
import shallows.model.graph.Extent;
import shallows.model.graph.Operation;
import shallows.model.graph.Resampling;
import shallows.model.graph.Shape;
import shallows.model.onnx.constant.OnnxAttributes;

/**
 * Images of other sizes. A file may find the old pixels by one of many formulas; one that finds the
 * same ones as a formula that a graph knows is that.
 */
final class OnnxResize {
  /** Of a pixel's width: formulas are evaluated in other orders. */
  private static final double TOLERANCE = 1e-4;

  private final OnnxCall call;

  OnnxResize(OnnxCall call) {
    this.call = call;
  }

  /** With sizes, or with factors, in the place that its opset has for them. */
  void resize() {
    call.inputs(1, 4);
    OnnxFlow x = call.image(0);
    Shape image = call.shape(x);
    boolean upsample = call.operator().equals("Upsample");
    String pixels = call.attributes().text("mode", "nearest");
    if (!pixels.equals("nearest") && !pixels.equals("linear")) {
      throw new IllegalArgumentException("expected mode nearest or linear, found " + pixels);
    }
    boolean nearest = pixels.equals("nearest");
    String asymmetric = upsample || call.imported().opset() < 11 ? "asymmetric" : "half_pixel";
    String coordinates = call.attributes().text("coordinate_transformation_mode", asymmetric);
    boolean old = upsample || call.imported().opset() < 11;
    String rounding = call.attributes().text("nearest_mode", old ? "simple" : "round_prefer_floor");
    call.attributes().number("cubic_coeff_a", 0);
    call.attributes().number("extrapolation_value", 0);
    call.attributes().expect("exclude_outside", 0);
    call.attributes().expect("antialias", 0);
    Extent size = size(image);
    for (Resampling mode : Resampling.values()) {
      if (nearest == (mode == Resampling.NEAREST)
          && isSame(mode, image.dimension(1), size.height(), coordinates, rounding)
          && isSame(mode, image.dimension(2), size.width(), coordinates, rounding)) {
        if (size.equals(new Extent(image.dimension(1), image.dimension(2)))) {
          call.alias(x);
        } else {
          call.emitFirst(x, new Operation.Resize(size, mode));
        }
        return;
      }
    }
    throw new IllegalArgumentException(
        "expected nearest or linear pixels, found coordinates " + coordinates + " " + rounding);
  }

  private Extent size(Shape image) {
    if (!call.attributes().text("keep_aspect_ratio_policy", "stretch").equals("stretch")) {
      throw new IllegalArgumentException("expected sizes as they are, found a policy for them");
    }
    int[] axes =
        call.attributes()
            .integers("axes")
            .map(some -> Arrays.stream(some).mapToInt(axis -> OnnxAxes.axis(axis, 4)).toArray())
            .orElse(new int[] {0, 1, 2, 3});
    int[] extents = {image.dimension(0), image.dimension(1), image.dimension(2)};
    int factors = call.inputs().size() == 2 ? 1 : 2;
    if (call.has(3)) {
      long[] sizes = call.integers(3);
      for (int i = 0; i < axes.length; i++) {
        if (axes[i] > 0) {
          extents[axes[i] - 1] = OnnxAttributes.small("a size", sizes[i]);
        }
      }
    } else {
      float[] scales =
          call.has(factors)
              ? call.constants().floats(call.constant(factors)).values()
              : floats("scales");
      for (int i = 0; i < axes.length; i++) {
        if (axes[i] > 0) {
          extents[axes[i] - 1] = scaled(extents[axes[i] - 1], scales[i]);
        } else if (scales[i] != 1) {
          throw new IllegalArgumentException("expected as many images, found " + scales[i]);
        }
      }
    }
    if (extents[0] != image.dimension(0)) {
      throw new IllegalArgumentException("expected as many channels, found " + extents[0]);
    }
    return new Extent(extents[1], extents[2]);
  }

  /** The formulas have the factor in them, which is that of the sizes where it gives whole ones. */
  private static int scaled(int size, float factor) {
    int result = (int) Math.floor(size * factor);
    if (Math.abs(size * factor - result) > TOLERANCE) {
      throw new IllegalArgumentException(
          "expected a factor that gives whole pixels, found " + factor + " of " + size);
    }
    return result;
  }

  private float[] floats(String name) {
    return call.attributes().numbers(name);
  }

  private static boolean isSame(
      Resampling mode, int from, int to, String coordinates, String rounding) {
    return IntStream.range(0, to)
        .allMatch(
            i -> {
              double x = position(i, from, to, coordinates);
              Resampling.Source source = mode.source(i, from, to);
              if (mode == Resampling.NEAREST) {
                return Math.max(0, Math.min(from - 1, rounded(x, rounding, to < from)))
                    == source.first();
              }
              double inside = Math.max(0, Math.min(from - 1, x));
              return Math.abs(source.first() + source.share() - inside) < TOLERANCE;
            });
  }

  private static double position(int i, int from, int to, String coordinates) {
    double scale = (double) to / from;
    return switch (coordinates) {
      case "half_pixel" -> (i + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case "align_corners" -> to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
      case "asymmetric" -> i / scale;
      case "tf_half_pixel_for_nn" -> (i + 0.5) / scale;
      default -> Double.NaN;
    };
  }

  /** Until opset 10 there is one way: down for more pixels, up for fewer. */
  private static double rounded(double x, String rounding, boolean fewer) {
    return switch (rounding) {
      case "simple" -> rounded(x, fewer ? "ceil" : "floor", fewer);
      case "floor" -> Math.floor(x + 1e-9);
      case "ceil" -> Math.ceil(x - 1e-9);
      case "round_prefer_ceil" -> Math.floor(x + 0.5);
      default -> Math.ceil(x - 0.5);
    };
  }
}
