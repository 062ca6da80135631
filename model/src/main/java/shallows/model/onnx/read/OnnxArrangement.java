package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import shallows.model.graph.Operation;
import shallows.model.graph.Shape;

/**
 * The one operation that makes the axes of a file those of a value. Which numbers of the value lie
 * side by side in the file follows from the {@link OnnxLayout}: its parts, in the order of their
 * steps in the value, are how the value is split, and the order in the file is where they go.
 */
final class OnnxArrangement {
  /** A part by its step in the whole value. */
  private record Piece(int step, int extent) {}

  private OnnxArrangement() {}

  /**
   * The operation, or empty where the value is so already.
   *
   * @param shape of the value
   * @param axes that its axes are to be
   */
  static Optional<Operation> of(Shape shape, List<List<OnnxLayout.Part>> axes) {
    if (axes.size() == shape.rank() && OnnxLayout.behind(axes).isFirst(shape)) {
      return Optional.empty();
    }
    List<Piece> pieces = new ArrayList<>();
    for (List<OnnxLayout.Part> axis : axes) {
      for (OnnxLayout.Part part : axis) {
        int behind =
            shape.dimensions().subList(part.dimension() + 1, shape.rank()).stream()
                .reduce(1, (a, b) -> a * b);
        pieces.add(new Piece(behind * part.step(), part.extent()));
      }
    }
    List<Piece> source = new ArrayList<>(merged(pieces));
    List<Piece> target = List.copyOf(source);
    source.sort(Comparator.comparing(Piece::step).reversed());
    Shape result = new Shape(axes.stream().map(OnnxLayout::extent).toList());
    List<Integer> split = source.stream().map(Piece::extent).toList();
    List<Integer> order = target.stream().map(source::indexOf).toList();
    return Optional.of(operation(shape, split, order, result));
  }

  /** What lies side by side before and after is one piece. */
  private static List<Piece> merged(List<Piece> pieces) {
    List<Piece> merged = new ArrayList<>();
    for (Piece piece : pieces) {
      Piece last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
      if (last != null && last.step() == piece.step() * piece.extent()) {
        merged.set(merged.size() - 1, new Piece(piece.step(), last.extent() * piece.extent()));
      } else {
        merged.add(piece);
      }
    }
    return merged;
  }

  private static Operation operation(
      Shape shape, List<Integer> split, List<Integer> order, Shape result) {
    boolean inOrder = order.equals(IntStream.range(0, order.size()).boxed().toList());
    if (inOrder && result.rank() == 1) {
      return new Operation.Flatten();
    }
    if (inOrder && shape.rank() == 1 && result.dimension(0) == result.size()) {
      return new Operation.Unflatten();
    }
    boolean swaps = order.size() >= 2 && order.subList(0, 2).equals(List.of(1, 0));
    if (swaps
        && result.equals(shape)
        && shape.rank() == 3
        && split.get(0) * split.get(1) == shape.dimension(0)) {
      return new Operation.ChannelShuffle(split.get(0));
    }
    return split.isEmpty()
        ? new Operation.Rearrange(List.of(1), List.of(0), result)
        : new Operation.Rearrange(split, order, result);
  }
}
