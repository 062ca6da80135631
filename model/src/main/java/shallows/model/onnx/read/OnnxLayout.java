package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import shallows.model.graph.Shape;

/**
 * Which axes a file has of a value that a graph has as {@code (C, H, W)} or {@code (F)}.
 * Transposes, squeezes and most reshapes of a file change only that, and cost nothing.
 *
 * @param axes those behind the batch; each is made of parts of the value's own axes, the last of
 *     which runs fastest, and of none where its extent is 1
 */
record OnnxLayout(List<List<Part>> axes) {
  /** Stands for no axis of the value: the numbers are the same all along it. */
  static final int REPEATED = -1;

  /**
   * A part of an axis of the value.
   *
   * @param dimension which, or {@link #REPEATED}
   * @param step how far numbers are apart along it, in steps of that axis
   * @param extent larger than 1
   */
  record Part(int dimension, int step, int extent) {}

  OnnxLayout {
    axes = axes.stream().map(List::copyOf).toList();
  }

  /** The axes of the value itself: {@code (N, C, H, W)} or {@code (N, F)}. */
  static OnnxLayout first(Shape shape) {
    List<List<Part>> axes = new ArrayList<>();
    for (int dimension = 0; dimension < shape.rank(); dimension++) {
      axes.add(whole(dimension, shape.dimension(dimension)));
    }
    return new OnnxLayout(axes);
  }

  /** {@code (N, H, W, C)}. */
  static OnnxLayout last(Shape shape) {
    List<List<Part>> first = first(shape).axes();
    return new OnnxLayout(List.of(first.get(1), first.get(2), first.get(0)));
  }

  /** A whole axis of the value. */
  static List<Part> whole(int dimension, int extent) {
    return extent == 1 ? List.of() : List.of(new Part(dimension, 1, extent));
  }

  /** With the batch. */
  int rank() {
    return axes.size() + 1;
  }

  /** The extents in the file, behind the batch. */
  List<Integer> extents() {
    return axes.stream().map(OnnxLayout::extent).toList();
  }

  static int extent(List<Part> axis) {
    return axis.stream().mapToInt(Part::extent).reduce(1, (a, b) -> a * b);
  }

  boolean repeats() {
    return axes.stream().anyMatch(OnnxLayout::repeats);
  }

  static boolean repeats(List<Part> axis) {
    return axis.stream().anyMatch(part -> part.dimension() == REPEATED);
  }

  /** Whether the axes are those of the value itself. */
  boolean isFirst(Shape shape) {
    return equals(first(shape));
  }

  /** Whether each axis is a whole one of the value, or none. */
  boolean isOfWholeAxes(Shape shape) {
    return axes.stream()
        .allMatch(
            axis ->
                axis.isEmpty()
                    || axis.size() == 1
                        && axis.get(0).dimension() != REPEATED
                        && axis.get(0).extent() == shape.dimension(axis.get(0).dimension()));
  }

  /** Whether an axis, counted with the batch, is this whole one of the value, or as short as it. */
  boolean isWhole(int axis, int dimension, Shape shape) {
    return axes.get(axis - 1).equals(whole(dimension, shape.dimension(dimension)));
  }

  /**
   * @param order with the batch, which stays first
   */
  OnnxLayout transposed(List<Integer> order) {
    return new OnnxLayout(
        order.subList(1, order.size()).stream().map(axis -> axes.get(axis - 1)).toList());
  }

  /**
   * With another axis in the place of one.
   *
   * @param axis counted with the batch
   */
  OnnxLayout with(int axis, List<Part> other) {
    List<List<Part>> changed = new ArrayList<>(axes);
    changed.set(axis - 1, other);
    return new OnnxLayout(changed);
  }

  /** Without these axes, counted with the batch. */
  OnnxLayout without(List<Integer> dropped) {
    List<List<Part>> kept = new ArrayList<>();
    for (int axis = 1; axis < rank(); axis++) {
      if (!dropped.contains(axis)) {
        kept.add(axes.get(axis - 1));
      }
    }
    return new OnnxLayout(kept);
  }

  /** With axes of extent 1 at these places of the result, counted with the batch. */
  OnnxLayout inserted(List<Integer> places) {
    List<List<Part>> all = new ArrayList<>(axes);
    new TreeSet<>(places).forEach(place -> all.add(place - 1, List.of()));
    return new OnnxLayout(all);
  }

  /** Of a value whose extent along these axes has become 1. */
  OnnxLayout reduced(Set<Integer> dimensions) {
    return new OnnxLayout(
        axes.stream()
            .map(
                axis ->
                    axis.stream().filter(part -> !dimensions.contains(part.dimension())).toList())
            .toList());
  }

  /**
   * The numbers in the same order along other axes.
   *
   * @param target extents behind the batch, of as many numbers
   * @return empty where an axis would have to end within a part that cannot be cut there
   */
  Optional<OnnxLayout> reshaped(List<Integer> target) {
    List<Part> parts = new ArrayList<>();
    axes.forEach(parts::addAll);
    List<List<Part>> cut = new ArrayList<>();
    for (int extent : target) {
      List<Part> axis = new ArrayList<>();
      int lacking = extent;
      while (lacking > 1) {
        Part part = parts.remove(0);
        if (lacking % part.extent() == 0) {
          append(axis, part);
          lacking /= part.extent();
        } else if (part.extent() % lacking == 0) {
          int rest = part.extent() / lacking;
          int step = part.dimension() == REPEATED ? 0 : part.step() * rest;
          append(axis, new Part(part.dimension(), step, lacking));
          parts.add(0, new Part(part.dimension(), part.step(), rest));
          lacking = 1;
        } else {
          return Optional.empty();
        }
      }
      cut.add(axis);
    }
    return Optional.of(new OnnxLayout(cut));
  }

  /** Parts that follow on one another within an axis of the value are one. */
  private static void append(List<Part> axis, Part part) {
    Part last = axis.isEmpty() ? null : axis.get(axis.size() - 1);
    boolean follows =
        last != null
            && last.dimension() == part.dimension()
            && last.step() == part.step() * part.extent();
    if (follows) {
      int extent = last.extent() * part.extent();
      axis.set(axis.size() - 1, new Part(part.dimension(), part.step(), extent));
    } else {
      axis.add(part);
    }
  }
}
