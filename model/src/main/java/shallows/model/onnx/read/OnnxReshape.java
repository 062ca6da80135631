package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;
import shallows.model.onnx.constant.OnnxAttributes;

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
    if (axis == 0) {
      throw new IllegalArgumentException("expected axis 1, found " + axis);
    }
    long[] extents = call.imported().extents(x);
    along(
        x, new long[] {product(extents, 0, axis), product(extents, axis, extents.length)}, extents);
  }

  private static long product(long[] extents, int from, int to) {
    return Arrays.stream(extents, from, to).reduce(1, Math::multiplyExact);
  }

  void squeeze() {
    call.inputs(1, 2);
    OnnxFlow x = call.flow(0);
    List<Integer> axes = OnnxAxes.axes(call, x.layout().rank());
    List<Integer> ones =
        IntStream.range(0, x.layout().rank())
            .filter(
                axis ->
                    x.layout().all().get(axis).isEmpty()
                        || axes.contains(axis)
                            && x.layout().hasImages(axis)
                            && call.imported().images() == 1)
            .boxed()
            .toList();
    if (!ones.containsAll(axes)) {
      throw call.misfit("axes of extent 1 to squeeze, not axes " + axes, x);
    }
    taken(x.withLayout(x.layout().without(axes.isEmpty() ? ones : axes)));
  }

  void unsqueeze() {
    call.inputs(1, 2);
    OnnxFlow x = call.flow(0);
    List<Integer> axes = OnnxAxes.axes(call, x.layout().rank(), true);
    taken(x.withLayout(x.layout().inserted(axes)));
  }

  void reshape() {
    OnnxFlow x = call.flow(0);
    long[] before = call.imported().extents(x);
    along(x, target(call, before), before);
  }

  /** The shape that a Reshape node asks for, of a value of these extents. */
  static long[] target(OnnxCall call, long[] before) {
    call.inputs(1, 2);
    boolean zeros = call.attributes().integer("allowzero", 0) != 0;
    long[] asked = call.attributes().integers("shape").orElseGet(() -> call.integers(1));
    if (zeros && Arrays.stream(asked).anyMatch(extent -> extent == 0)) {
      throw new IllegalArgumentException("expected a value with elements, found shape with 0");
    }
    return filled(before, asked);
  }

  /** The same numbers along axes of these extents. */
  private void along(OnnxFlow given, long[] target, long[] before) {
    OnnxFlow x = given.withLayout(given.layout().settled(call.imported().images()));
    List<Long> extents = Arrays.stream(target).boxed().toList();
    Optional<OnnxLayout> reshaped = x.layout().reshaped(extents, call.imported().images());
    if (reshaped.isPresent()) {
      taken(x.withLayout(reshaped.get().settled(call.imported().images())));
      return;
    }
    if (target.length != 2 && target.length != 4 || target[0] != before[0]) {
      throw call.misfit(
          "a shape whose axes end where these do, not " + OnnxCall.described(target), x);
    }
    Shape result =
        new Shape(Arrays.stream(target).skip(1).mapToObj(extent -> (int) extent).toList());
    Operation operation = new Operation.Rearrange(List.of(result.size()), List.of(0), result);
    OnnxFlow flat = x;
    if (!x.layout().isFirst(call.shape(x))) {
      flat = call.arranged(x, List.of(x.layout().axes().stream().flatMap(List::stream).toList()));
    }
    call.emit(operation, OnnxLayout.first(result), List.of(flat.value()));
  }

  /**
   * Names what a file has reshaped. A vector is one in the graph, too, and an image whose axes are
   * no longer those of the value is another image; all else waits for who reads it.
   */
  private void taken(OnnxFlow x) {
    OnnxLayout layout = x.layout();
    Shape shape = call.shape(x);
    boolean vector = layout.rank() == 2;
    boolean image = layout.rank() == 4 && (shape.rank() == 1 || isAnother(layout, shape));
    if (layout.repeats() || !layout.isInFront() || !vector && !image) {
      call.restored(x);
      return;
    }
    // A vector along another axis than the channels is an image of one position.
    boolean last = shape.rank() == 1 && layout.axes().get(0).isEmpty();
    List<List<OnnxLayout.Part>> axes =
        last ? List.of(OnnxLayout.whole(0, shape.size()), List.of(), List.of()) : layout.axes();
    Optional<Operation> operation = OnnxArrangement.of(shape, axes);
    if (operation.isEmpty()) {
      call.restored(x);
    } else {
      Shape result = new Shape(axes.stream().map(OnnxLayout::extent).toList());
      call.emit(operation.get(), last ? layout : OnnxLayout.first(result), List.of(x.value()));
    }
  }

  /**
   * Whether the axes are those of another image. Where channels come behind other axes, or are two
   * axes, these are tokens or heads.
   */
  private boolean isAnother(OnnxLayout layout, Shape shape) {
    if (call.imported().isOwn()) {
      return !layout.isFirst(shape);
    }
    long channels =
        layout.all().stream()
            .filter(axis -> !axis.isEmpty())
            .filter(axis -> axis.stream().allMatch(part -> part.dimension() == 0))
            .count();
    boolean behind =
        shape.dimension(0) > 1
            && layout.all().get(1).stream().noneMatch(part -> part.dimension() == 0);
    return !isTurned(layout, shape) && channels < 2 && !behind;
  }

  /** Whether the axes are those of the value, the channels first or last, or without extent. */
  private static boolean isTurned(OnnxLayout layout, Shape shape) {
    boolean onePosition = shape.size() == shape.dimension(0);
    return layout.isFirst(shape)
        || shape.rank() == 3 && layout.equals(OnnxLayout.last(shape))
        || onePosition && layout.isOfWholeAxes(shape);
  }

  void expand() {
    call.inputs(2, 2);
    OnnxFlow x = call.flow(0);
    long[] asked = call.integers(1);
    OnnxLayout layout = x.layout();
    if (asked.length > layout.rank()) {
      throw call.misfit("as many axes, not " + OnnxCall.described(asked), x);
    }
    int missing = layout.rank() - asked.length;
    long[] extents = call.imported().extents(x);
    for (int axis = missing; axis < layout.rank(); axis++) {
      long extent = asked[axis - missing];
      boolean grows =
          extents[axis] == 1
              && extent > 1
              && extent % OnnxImport.BATCH != 0
              && !layout.hasImages(axis);
      if (grows) {
        int small = OnnxAttributes.small("an extent", extent);
        layout = layout.with(axis, List.of(new OnnxLayout.Part(OnnxLayout.REPEATED, 0, small)));
      } else if (extent != 1 && extent != extents[axis]) {
        throw call.misfit(
            "extents to expand to that keep the images, not " + OnnxCall.described(asked), x);
      }
    }
    call.alias(x.withLayout(layout));
  }

  /** The same again and again along axes. */
  void tile() {
    call.inputs(2, 2);
    OnnxFlow x = call.flow(0);
    long[] copies = call.integers(1);
    OnnxLayout layout = x.layout();
    if (copies.length != layout.rank()) {
      throw call.misfit("as many axes as numbers of copies, " + copies.length, x);
    }
    boolean several = false;
    for (int axis = 0; axis < copies.length; axis++) {
      if (copies[axis] == 1) {
        continue;
      }
      int count = OnnxAttributes.small("a number of copies", copies[axis]);
      if (count < 1 || layout.hasImages(axis)) {
        throw call.misfit("copies along axes of an image, not " + Arrays.toString(copies), x);
      }
      List<OnnxLayout.Part> parts = new ArrayList<>(layout.all().get(axis));
      several |= !parts.isEmpty();
      parts.add(0, new OnnxLayout.Part(OnnxLayout.REPEATED, 0, count));
      layout = layout.with(axis, parts);
    }
    OnnxFlow tiled = x.withLayout(layout);
    call.alias(several ? OnnxRepeats.copied(call, tiled) : tiled);
  }

  /** Puts numbers for 0, which copies an extent, and −1, which is what is left. */
  private static long[] filled(long[] before, long[] asked) {
    long[] target = asked.clone();
    long size = product(before, 0, before.length);
    int open = -1;
    long given = 1;
    for (int i = 0; i < target.length; i++) {
      if (target[i] == 0 && i < before.length) {
        target[i] = before[i];
      }
      if (target[i] == -1) {
        open = i;
      } else if (target[i] < 1 || target[i] > size) {
        throw new IllegalArgumentException("expected extents, found " + OnnxCall.described(asked));
      } else {
        given = Math.multiplyExact(given, target[i]);
        if (given > size) {
          break;
        }
      }
    }
    if (open >= 0) {
      target[open] = size / given;
      given *= target[open];
    }
    if (given != size) {
      throw new IllegalArgumentException(
          "expected a shape of "
              + OnnxCall.described(size)
              + " numbers, found "
              + OnnxCall.described(asked));
    }
    return target;
  }
}
