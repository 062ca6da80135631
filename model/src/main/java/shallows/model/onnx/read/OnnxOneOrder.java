package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import shallows.model.graph.Shape;

/**
 * Two values that are the same along the axes of a file and have them in other places of their own,
 * as an image and what has come of its windows.
 */
final class OnnxOneOrder {
  private OnnxOneOrder() {}

  /** A part of an axis of the file, of each of both; one of them may be null, of extent 1. */
  record Both(OnnxLayout.Part one, OnnxLayout.Part other) {}

  /** Whether the axes are whole ones of the value, one or several behind one another. */
  static boolean isPlain(OnnxFlow x, Shape shape) {
    return x.layout().all().stream()
        .flatMap(List::stream)
        .allMatch(
            part ->
                part.dimension() == OnnxLayout.BATCH
                    || part.dimension() != OnnxLayout.REPEATED
                        && part.extent() == shape.dimension(part.dimension()));
  }

  /**
   * The other value with the own axes of the one; empty where it has none of their parts alone.
   *
   * @param one whose axes are to be those of both
   */
  static Optional<OnnxFlow> as(OnnxCall call, OnnxFlow one, OnnxFlow other) {
    int rank = one.layout().rank();
    if (other.layout().rank() != rank || one.layout().repeats() || other.layout().repeats()) {
      return Optional.empty();
    }
    List<Both> pieces = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (!cut(one.layout().all().get(axis), other.layout().all().get(axis), pieces)) {
        return Optional.empty();
      }
    }
    Shape shape = call.shape(one);
    List<List<OnnxLayout.Part>> axes = new ArrayList<>();
    for (int dimension = 0; dimension < shape.rank(); dimension++) {
      int own = dimension;
      axes.add(
          pieces.stream()
              .filter(piece -> piece.one() != null && piece.one().dimension() == own)
              .sorted(Comparator.comparing((Both piece) -> piece.one().step()).reversed())
              .filter(piece -> piece.other() != null)
              .map(Both::other)
              .toList());
      int extent = OnnxLayout.extent(axes.get(dimension));
      if (extent != 1 && extent != shape.dimension(dimension)) {
        return Optional.empty();
      }
    }
    List<List<OnnxLayout.Part>> all = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      all.add(other.layout().all().get(axis).isEmpty() ? List.of() : one.layout().all().get(axis));
    }
    // What the other alone extends along has no place among the axes of the one.
    if (pieces.stream().anyMatch(piece -> piece.one() == null)) {
      return Optional.empty();
    }
    String value = call.arranged(other, axes).value();
    return Optional.of(new OnnxFlow(value, new OnnxLayout(all)));
  }

  /**
   * Both, where one is the same along an axis that the other has: what one of them alone extends
   * along are the rows, what both do the channels, as far as they are so in the one, and the
   * columns. Empty where their axes cannot be cut alike, or both have something alone.
   */
  static Optional<List<OnnxFlow>> apart(OnnxCall call, OnnxFlow one, OnnxFlow other) {
    int rank = one.layout().rank();
    if (other.layout().rank() != rank || one.layout().repeats() || other.layout().repeats()) {
      return Optional.empty();
    }
    List<List<Both>> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      List<Both> pieces = new ArrayList<>();
      if (!cut(one.layout().all().get(axis), other.layout().all().get(axis), pieces)) {
        return Optional.empty();
      }
      axes.add(pieces);
    }
    List<Both> all = axes.stream().flatMap(List::stream).toList();
    if (all.stream().anyMatch(piece -> piece.one() == null)
        && all.stream().anyMatch(piece -> piece.other() == null)) {
      return Optional.empty();
    }
    return Optional.of(
        List.of(apart(call, one, axes, Both::one), apart(call, other, axes, Both::other)));
  }

  private static OnnxFlow apart(
      OnnxCall call, OnnxFlow x, List<List<Both>> axes, Function<Both, OnnxLayout.Part> own) {
    OnnxLayout cut =
        new OnnxLayout(
            axes.stream()
                .map(axis -> axis.stream().map(own).filter(Objects::nonNull).toList())
                .toList());
    List<List<OnnxLayout.Part>> order =
        List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (Both piece : axes.stream().flatMap(List::stream).toList()) {
      OnnxLayout.Part part = own.apply(piece);
      if (part != null && part.dimension() != OnnxLayout.BATCH) {
        boolean alone = piece.one() == null || piece.other() == null;
        order.get(alone ? 1 : piece.one().dimension() == 0 ? 0 : 2).add(part);
      }
    }
    return OnnxTokens.rearranged(call, x.withLayout(cut), order);
  }

  /**
   * Cuts both where one of them is cut; false where their extents do not allow that.
   *
   * @param pieces get the parts of both
   */
  static boolean cut(List<OnnxLayout.Part> one, List<OnnxLayout.Part> other, List<Both> pieces) {
    if (one.isEmpty() || other.isEmpty()) {
      one.forEach(part -> pieces.add(new Both(part, null)));
      other.forEach(part -> pieces.add(new Both(null, part)));
      return true;
    }
    List<OnnxLayout.Part> a = new ArrayList<>(one);
    List<OnnxLayout.Part> b = new ArrayList<>(other);
    while (!a.isEmpty() && !b.isEmpty()) {
      OnnxLayout.Part first = a.remove(0);
      OnnxLayout.Part second = b.remove(0);
      boolean images = first.dimension() == OnnxLayout.BATCH;
      if (images || second.dimension() == OnnxLayout.BATCH) {
        if (!images || !first.equals(second)) {
          return false;
        }
        pieces.add(new Both(first, second));
        continue;
      }
      int extent = Math.min(first.extent(), second.extent());
      if (first.extent() % extent != 0 || second.extent() % extent != 0) {
        return false;
      }
      pieces.add(new Both(front(first, extent, a), front(second, extent, b)));
    }
    return a.isEmpty() && b.isEmpty();
  }

  /** The slower part of this extent; what is left goes back to the others. */
  private static OnnxLayout.Part front(
      OnnxLayout.Part part, int extent, List<OnnxLayout.Part> others) {
    int rest = part.extent() / extent;
    if (rest > 1) {
      others.add(0, new OnnxLayout.Part(part.dimension(), part.step(), rest));
    }
    return new OnnxLayout.Part(part.dimension(), part.step() * rest, extent);
  }
}
