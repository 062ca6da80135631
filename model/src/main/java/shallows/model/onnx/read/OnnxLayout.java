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
 * @param all with that of the images; each is made of parts of the value's own axes, the last of
 *     which runs fastest, and of none where its extent is 1
 */
record OnnxLayout(List<List<Part>> all) {
  /** Stands for no axis of the value: the numbers are the same all along it. */
  static final int REPEATED = -1;

  /** Stands for the images, which a graph always has in front. */
  static final int BATCH = -2;

  private static final List<Part> IMAGES = List.of(new Part(BATCH, 0, 0));

  /**
   * A part of an axis of the value.
   *
   * @param dimension which, or {@link #REPEATED}
   * @param step how far numbers are apart along it, in steps of that axis
   * @param extent larger than 1; 0 of the images, whose number is not known
   */
  record Part(int dimension, int step, int extent) {}

  OnnxLayout {
    all = all.stream().map(List::copyOf).toList();
  }

  /** The images in front, and these axes behind them. */
  static OnnxLayout behind(List<List<Part>> axes) {
    List<List<Part>> all = new ArrayList<>(axes);
    all.add(0, IMAGES);
    return new OnnxLayout(all);
  }

  /**
   * Those behind the images.
   *
   * @throws IllegalArgumentException when the images are not in front, by themselves
   */
  List<List<Part>> axes() {
    if (!isInFront()) {
      throw new IllegalArgumentException(
          "expected the images in front, found them among or behind other axes");
    }
    return all.subList(1, all.size());
  }

  /** Whether the images are an axis by themselves, the first. */
  boolean isInFront() {
    return !all.isEmpty() && all.get(0).equals(IMAGES);
  }

  /** Whether the images are along this axis, alone or with others. */
  boolean hasImages(int axis) {
    return all.get(axis).contains(IMAGES.get(0));
  }

  /**
   * Where a file has one image, its axis is any of those of extent 1: the first, if it is one of
   * these.
   */
  OnnxLayout settled(long images) {
    if (images != 1) {
      return this;
    }
    List<List<Part>> settled = new ArrayList<>();
    all.forEach(
        axis -> settled.add(axis.stream().filter(part -> part.dimension() != BATCH).toList()));
    if (!settled.isEmpty() && settled.get(0).isEmpty()) {
      settled.set(0, IMAGES);
    }
    return new OnnxLayout(settled);
  }

  /** The axes of the value itself: {@code (N, C, H, W)} or {@code (N, F)}. */
  static OnnxLayout first(Shape shape) {
    List<List<Part>> axes = new ArrayList<>();
    for (int dimension = 0; dimension < shape.rank(); dimension++) {
      axes.add(whole(dimension, shape.dimension(dimension)));
    }
    return behind(axes);
  }

  /** {@code (N, H, W, C)}. */
  static OnnxLayout last(Shape shape) {
    List<List<Part>> first = first(shape).axes();
    return behind(List.of(first.get(1), first.get(2), first.get(0)));
  }

  /** A whole axis of the value. */
  static List<Part> whole(int dimension, int extent) {
    return extent == 1 ? List.of() : List.of(new Part(dimension, 1, extent));
  }

  /** With the batch. */
  int rank() {
    return all.size();
  }

  /** The extents in the file, behind the images. */
  List<Integer> extents() {
    return axes().stream().map(OnnxLayout::extent).toList();
  }

  /** The extents in the file, for this number of images. */
  long[] extents(long images) {
    return all.stream()
        .mapToLong(
            axis ->
                axis.stream()
                    .mapToLong(part -> extent(part, images))
                    .reduce(1, Math::multiplyExact))
        .toArray();
  }

  private static long extent(Part part, long images) {
    return part.dimension() == BATCH ? images : part.extent();
  }

  static int extent(List<Part> axis) {
    return axis.stream().mapToInt(Part::extent).reduce(1, (a, b) -> a * b);
  }

  boolean repeats() {
    return all.stream().anyMatch(OnnxLayout::repeats);
  }

  static boolean repeats(List<Part> axis) {
    return axis.stream().anyMatch(part -> part.dimension() == REPEATED);
  }

  /** Whether the axes are those of the value itself. */
  boolean isFirst(Shape shape) {
    return equals(first(shape));
  }

  /** Whether the images are in front, and each axis is a whole one of the value, or none. */
  boolean isOfWholeAxes(Shape shape) {
    return isInFront()
        && axes().stream()
            .allMatch(
                axis ->
                    axis.isEmpty()
                        || axis.size() == 1
                            && axis.get(0).dimension() != REPEATED
                            && axis.get(0).extent() == shape.dimension(axis.get(0).dimension()));
  }

  /** Whether an axis is this whole one of the value, or as short as it. */
  boolean isWhole(int axis, int dimension, Shape shape) {
    return all.get(axis).equals(whole(dimension, shape.dimension(dimension)));
  }

  OnnxLayout transposed(List<Integer> order) {
    return new OnnxLayout(order.stream().map(all::get).toList());
  }

  /** With another axis in the place of one. */
  OnnxLayout with(int axis, List<Part> other) {
    List<List<Part>> changed = new ArrayList<>(all);
    changed.set(axis, other);
    return new OnnxLayout(changed);
  }

  /** Without these axes. */
  OnnxLayout without(List<Integer> dropped) {
    List<List<Part>> kept = new ArrayList<>();
    for (int axis = 0; axis < rank(); axis++) {
      if (!dropped.contains(axis)) {
        kept.add(all.get(axis));
      }
    }
    return new OnnxLayout(kept);
  }

  /** With axes of extent 1 at these places of the result. */
  OnnxLayout inserted(List<Integer> places) {
    List<List<Part>> more = new ArrayList<>(all);
    new TreeSet<>(places).forEach(place -> more.add(place, List.of()));
    return new OnnxLayout(more);
  }

  /** Of a value whose extent along these axes has become 1. */
  OnnxLayout reduced(Set<Integer> dimensions) {
    return new OnnxLayout(
        all.stream()
            .map(
                axis ->
                    axis.stream().filter(part -> !dimensions.contains(part.dimension())).toList())
            .toList());
  }

  /** As {@link #reshaped(List, long)}, of what is behind the images, which stay in front. */
  Optional<OnnxLayout> reshaped(List<Integer> target) {
    return new OnnxLayout(axes())
        .reshaped(target.stream().map(Long::valueOf).toList(), 1)
        .map(reshaped -> behind(reshaped.all()));
  }

  /**
   * The numbers in the same order along other axes.
   *
   * @param target extents, of as many numbers
   * @return empty where an axis would have to end within a part that cannot be cut there
   */
  Optional<OnnxLayout> reshaped(List<Long> target, long images) {
    List<Part> parts = new ArrayList<>();
    all.forEach(parts::addAll);
    parts.removeIf(part -> extent(part, images) == 1);
    List<List<Part>> cut = new ArrayList<>();
    for (long extent : target) {
      List<Part> axis = new ArrayList<>();
      long lacking = extent;
      while (lacking > 1) {
        Part part = parts.remove(0);
        long own = extent(part, images);
        if (lacking % own == 0) {
          append(axis, part);
          lacking /= own;
        } else if (own % lacking == 0 && part.dimension() != BATCH) {
          int rest = (int) (own / lacking);
          int step = part.dimension() == REPEATED ? 0 : part.step() * rest;
          append(axis, new Part(part.dimension(), step, (int) lacking));
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

  /** The same axis of as few parts as can be. */
  static List<Part> merged(List<Part> axis) {
    List<Part> merged = new ArrayList<>();
    axis.forEach(part -> append(merged, part));
    return merged;
  }

  /** Parts that follow on one another within an axis of the value are one. */
  static void append(List<Part> axis, Part part) {
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
