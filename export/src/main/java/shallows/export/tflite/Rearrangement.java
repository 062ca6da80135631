package shallows.export.tflite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * A {@link Operation.Rearrange} where the channels are the last axis. Its axes are cut once more,
 * so that each lies within one of C, H and W before and after; in another order it is then the same
 * thing from {@code (H, W, C)} to {@code (H', W', C')}.
 *
 * @param split the extents before
 * @param order where they go
 */
record Rearrangement(List<Integer> split, List<Integer> order) {
  /** A piece of an axis: what one step along it is in the value of the graph, and its extent. */
  private record Piece(int step, int extent) {}

  /** What the runtimes turn. */
  private static final int MOST_AXES = 5;

  /**
   * Null where an axis cannot be cut so, or there are too many.
   *
   * @param from {@code (C, H, W)} or {@code (F)}, likewise the result
   */
  static Rearrangement of(Operation.Rearrange rearrange, Shape from) {
    List<Piece> result = new ArrayList<>();
    for (int axis : rearrange.order()) {
      int step =
          rearrange.split().subList(axis + 1, rearrange.split().size()).stream()
              .reduce(1, (a, b) -> a * b);
      result.add(new Piece(step, rearrange.split().get(axis)));
    }
    List<Integer> targets = new ArrayList<>(rearrange.result().dimensions());
    List<List<Piece>> after = cut(result, targets);
    if (after == null) {
      return null;
    }
    // Cut where the axes of the source end, too.
    List<List<Piece>> axes = new ArrayList<>();
    for (List<Piece> axis : after) {
      List<Piece> pieces = new ArrayList<>();
      for (Piece piece : axis) {
        List<Piece> within = within(piece, from);
        if (within == null) {
          return null;
        }
        pieces.addAll(within);
      }
      axes.add(pieces);
    }
    return channelsLast(axes, from);
  }

  private static Rearrangement channelsLast(List<List<Piece>> after, Shape from) {
    List<Piece> to = new ArrayList<>();
    for (int axis = 1; axis <= after.size(); axis++) {
      to.addAll(after.get(axis % after.size()));
    }
    int plane = from.size() / from.dimension(0);
    List<Piece> source = new ArrayList<>(to);
    // Channels, whose steps are whole planes, come last; otherwise the larger steps come first.
    source.sort(
        Comparator.comparing((Piece piece) -> from.rank() == 3 && piece.step() >= plane)
            .thenComparing(Comparator.comparing(Piece::step).reversed()));
    List<Integer> split = new ArrayList<>();
    List<Integer> order = new ArrayList<>(to.stream().map(source::indexOf).toList());
    source.forEach(piece -> split.add(piece.extent()));
    for (int i = 0; i + 1 < order.size(); ) {
      // What stays neighbours is one axis.
      int first = order.get(i);
      if (order.get(i + 1) == first + 1) {
        split.set(first, split.get(first) * split.remove(first + 1));
        order.remove(i + 1);
        order.replaceAll(axis -> axis > first ? axis - 1 : axis);
      } else {
        i++;
      }
    }
    return split.size() > MOST_AXES ? null : new Rearrangement(split, order);
  }

  /** The pieces in the order they have, cut into lists whose extents multiply to the targets. */
  private static List<List<Piece>> cut(List<Piece> pieces, List<Integer> targets) {
    List<List<Piece>> result = new ArrayList<>();
    int next = 0;
    Piece open = null;
    for (int target : targets) {
      List<Piece> axis = new ArrayList<>();
      int lacking = target;
      while (lacking > 1) {
        Piece piece = open != null ? open : pieces.get(next++);
        open = null;
        if (piece.extent() <= lacking) {
          if (lacking % piece.extent() != 0) {
            return null;
          }
          lacking /= piece.extent();
          axis.add(piece);
        } else {
          if (piece.extent() % lacking != 0) {
            return null;
          }
          int rest = piece.extent() / lacking;
          axis.add(new Piece(piece.step() * rest, lacking));
          open = new Piece(piece.step(), rest);
          lacking = 1;
        }
      }
      result.add(axis.stream().filter(piece -> piece.extent() > 1).toList());
    }
    return result;
  }

  /** Cut at the ends of the axes of the value it is of. */
  private static List<Piece> within(Piece piece, Shape from) {
    List<Piece> parts = new ArrayList<>();
    Piece rest = piece;
    int end = 1;
    for (int axis = from.rank() - 1; axis >= 0 && rest.extent() > 1; axis--) {
      end *= from.dimension(axis);
      if (rest.step() >= end || rest.step() * rest.extent() <= end) {
        continue;
      }
      int inner = end / rest.step();
      if (end % rest.step() != 0 || rest.extent() % inner != 0) {
        return null;
      }
      parts.add(0, new Piece(rest.step(), inner));
      rest = new Piece(end, rest.extent() / inner);
    }
    parts.add(0, rest);
    return parts.stream().filter(part -> part.extent() > 1).toList();
  }
}
