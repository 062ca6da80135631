package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** How the axes of two operands meet, as in NumPy: extents are the same or 1. */
final class OnnxAlignment {
  private OnnxAlignment() {}

  /** The axes of what is computed of two values as they are, or null where they do not meet. */
  static OnnxLayout common(OnnxFlow first, Shape a, OnnxFlow second, Shape b) {
    if (first.layout().rank() != second.layout().rank() || a.rank() != b.rank()) {
      return null;
    }
    List<List<OnnxLayout.Part>> axes = new ArrayList<>();
    for (int axis = 0; axis < first.layout().rank(); axis++) {
      List<OnnxLayout.Part> x = first.layout().all().get(axis);
      List<OnnxLayout.Part> y = second.layout().all().get(axis);
      boolean own = y.isEmpty() || OnnxLayout.repeats(y) && !x.isEmpty();
      boolean other = x.isEmpty() || OnnxLayout.repeats(x);
      if (!x.equals(y) && !own && !other) {
        return null;
      }
      axes.add(own ? x : y);
    }
    // Each axis of the values must have come into one place.
    for (int dimension = 0; dimension < a.rank(); dimension++) {
      int number = dimension;
      int extent =
          axes.stream()
              .flatMap(List::stream)
              .filter(part -> part.dimension() == number)
              .mapToInt(OnnxLayout.Part::extent)
              .reduce(1, (m, n) -> m * n);
      int m = a.dimension(dimension);
      int n = b.dimension(dimension);
      if (extent != Math.max(m, n) || m != n && Math.min(m, n) != 1) {
        return null;
      }
    }
    return new OnnxLayout(axes);
  }

  /** Without the axes along which it is only repeated. */
  static OnnxFlow unrepeated(OnnxFlow x) {
    return x.withLayout(
        new OnnxLayout(
            x.layout().all().stream()
                .map(axis -> OnnxLayout.repeats(axis) ? List.<OnnxLayout.Part>of() : axis)
                .toList()));
  }

  /** Of what is computed of two values. */
  static long[] extents(OnnxCall call, OnnxFlow first, OnnxFlow second) {
    long[] extents = call.imported().extents(first);
    long[] others = call.imported().extents(second);
    Arrays.setAll(extents, axis -> Math.max(extents[axis], others[axis]));
    return extents;
  }

  /** The extents of a constant along the axes of a value, as many as it has. */
  private static int[] extents(OnnxCall call, OnnxFlow x, Tensor constant) {
    int[] extents = extents(x.layout(), constant);
    if (extents == null) {
      throw call.misfit("a constant for all images, not one of " + constant.shape(), x);
    }
    return extents;
  }

  /** The same, or null where the constant has more axes or differs from image to image. */
  private static int[] extents(OnnxLayout layout, Tensor constant) {
    int rank = layout.rank();
    int[] extents = new int[rank];
    Arrays.fill(extents, 1);
    int missing = rank - constant.shape().rank();
    for (int axis = Math.max(0, -missing); axis < constant.shape().rank(); axis++) {
      extents[axis + missing] = constant.shape().dimension(axis);
    }
    if (missing < 0) {
      return null;
    }
    for (int axis = 0; axis < rank; axis++) {
      if (extents[axis] > 1 && layout.hasImages(axis)) {
        return null;
      }
    }
    return extents;
  }

  /**
   * A constant along the axes of the value itself, with an extent of 1 where it is the same; null
   * where the constant has an axis along which the value does not extend.
   */
  static Tensor of(OnnxCall call, OnnxFlow x, Tensor constant) {
    int[] extents = extents(call, x, constant);
    for (int axis = 0; axis < extents.length; axis++) {
      int own = OnnxLayout.extent(x.layout().all().get(axis));
      boolean grows = own == 1 || OnnxLayout.repeats(x.layout().all().get(axis));
      if (extents[axis] > 1 && !grows && extents[axis] != own) {
        throw call.misfit("a constant that fits, not one of " + constant.shape(), x);
      }
    }
    return of(x.layout(), call.shape(x), constant);
  }

  /** As above, and null where the constant does not fit at all. */
  static Tensor of(OnnxLayout layout, Shape shape, Tensor constant) {
    int[] extents = extents(layout, constant);
    if (extents == null) {
      return null;
    }
    int[] result = new int[shape.rank()];
    Arrays.fill(result, 1);
    for (int axis = 0; axis < extents.length; axis++) {
      List<OnnxLayout.Part> parts = layout.all().get(axis);
      if (extents[axis] > 1
          && (extents[axis] != OnnxLayout.extent(parts) || OnnxLayout.repeats(parts))) {
        return null;
      }
      if (extents[axis] > 1) {
        parts.forEach(part -> result[part.dimension()] = shape.dimension(part.dimension()));
      }
    }
    float[] values = new float[Shape.of(result).size()];
    float[] numbers = constant.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = numbers[index(i, result, extents, layout)];
    }
    return new Tensor(Shape.of(result), values);
  }

  /** Where the number for place {@code i} of the value stands in the constant. */
  private static int index(int i, int[] result, int[] extents, OnnxLayout layout) {
    int[] at = new int[result.length];
    int rest = i;
    for (int dimension = result.length - 1; dimension >= 0; dimension--) {
      at[dimension] = rest % result[dimension];
      rest /= result[dimension];
    }
    int index = 0;
    for (int axis = 0; axis < extents.length; axis++) {
      int along = 0;
      if (extents[axis] > 1) {
        for (OnnxLayout.Part part : layout.all().get(axis)) {
          along = along * part.extent() + at[part.dimension()] / part.step() % part.extent();
        }
      }
      index = index * extents[axis] + along;
    }
    return index;
  }

  /** A constant along all axes of a value that has them as the file has. */
  static Tensor grown(OnnxCall call, OnnxFlow x, Tensor constant) {
    int[] extents = extents(call, x, constant);
    if (extents.length != 4 || !x.layout().isInFront()) {
      throw call.misfit("a constant that fits, not one of " + constant.shape(), x);
    }
    return new Tensor(Shape.of(Arrays.copyOfRange(extents, 1, 4)), constant.values());
  }
}
