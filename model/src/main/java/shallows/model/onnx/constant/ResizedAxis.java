package shallows.model.onnx.constant;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * An axis before and after a Resize or Upsample.
 *
 * @param from its extent before
 * @param to its extent after
 * @param scale what the file says that one becomes of the other by, or their quotient
 * @param start where what is resized begins, as a share of the axis, if coordinates look at that
 * @param end where it ends
 */
public record ResizedAxis(int from, int to, double scale, float start, float end) {
  /** No image has more rows. */
  private static final int LONGEST = 1 << 16;

  /**
   * @throws IllegalArgumentException when it is a longer axis than resized images have
   */
  public ResizedAxis {
    boolean resized = !isSame(from, to, scale, start, end);
    if (resized && Math.max(from, to) > LONGEST || Math.min(from, to) < 0) {
      throw new IllegalArgumentException(
          "expected at most " + LONGEST + " numbers along an axis, found " + from + " to " + to);
    }
  }

  /** Whether nothing about it changes. */
  public boolean isSame() {
    return isSame(from, to, scale, start, end);
  }

  private static boolean isSame(int from, int to, double scale, float start, float end) {
    return from == to && scale == 1 && start == 0 && end == 1;
  }

  /**
   * What a node asks for, of each axis of its value.
   *
   * @param extents of the value
   * @param region begins and then ends of all axes that are resized, or null
   * @param scales of these axes, or null where sizes are given
   * @param sizes of these axes, or null where scales are given
   * @throws IllegalArgumentException when they are not as many as the axes, when one of the axes is
   *     none of the value's or becomes too long, or when it is not known how they are meant
   */
  public static ResizedAxis[] of(
      OnnxAttributes attributes, int[] extents, float[] region, float[] scales, long[] sizes) {
    int rank = extents.length;
    int[] axes =
        attributes
            .integers("axes")
            .map(some -> Arrays.stream(some).mapToInt(a -> ConstantCall.axis(a, rank)).toArray())
            .orElseGet(() -> IntStream.range(0, rank).toArray());
    int given = sizes != null ? sizes.length : scales.length;
    if (given != axes.length || region != null && region.length != 2 * axes.length) {
      throw new IllegalArgumentException(
          "expected a size of each of " + axes.length + " axes, found " + given);
    }
    OptionalDouble common = common(attributes, extents, axes, sizes);
    ResizedAxis[] result =
        Arrays.stream(extents)
            .mapToObj(extent -> new ResizedAxis(extent, extent, 1, 0, 1))
            .toArray(ResizedAxis[]::new);
    for (int i = 0; i < axes.length; i++) {
      int from = extents[axes[i]];
      // As runtimes multiply.
      long to =
          sizes == null
              ? (long) ((float) from * scales[i])
              : common.isPresent() ? Math.round(common.getAsDouble() * from) : sizes[i];
      double scale = sizes == null ? scales[i] : common.orElse((double) to / from);
      float start = region == null ? 0 : region[i];
      float end = region == null ? 1 : region[axes.length + i];
      int extent = ConstantCall.extents(new long[] {to})[0];
      result[axes[i]] = new ResizedAxis(from, extent, from == 0 ? 1 : scale, start, end);
    }
    return result;
  }

  /** The one factor by which all sizes are kept within those given, or beyond, if there is one. */
  private static OptionalDouble common(
      OnnxAttributes attributes, int[] extents, int[] axes, long[] sizes) {
    String policy = attributes.text("keep_aspect_ratio_policy", "stretch");
    if (policy.equals("stretch") || sizes == null) {
      return OptionalDouble.empty();
    }
    boolean smaller = policy.equals("not_larger");
    if (!smaller && !policy.equals("not_smaller")) {
      throw new IllegalArgumentException("expected a known policy for sizes, found " + policy);
    }
    var scales =
        IntStream.range(0, axes.length).mapToDouble(i -> (double) sizes[i] / extents[axes[i]]);
    return smaller ? scales.min() : scales.max();
  }
}
