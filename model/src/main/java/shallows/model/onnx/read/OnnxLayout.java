package shallows.model.onnx.read;

import java.util.List;
import shallows.model.graph.Shape;

/**
 * In which order a file has the axes of a value that a graph has as {@code (C, H, W)} or {@code
 * (F)}. Transposes and some reshapes of a file change only that.
 *
 * @param groups of the channels, where they stand in two axes; otherwise 1
 */
record OnnxLayout(Order order, int groups) {
  /** The axes. */
  enum Order {
    /** {@code (N, C, H, W)}. */
    FIRST,
    /** {@code (N, H, W, C)}. */
    LAST,
    /** {@code (N, F)}. */
    VECTOR,
    /** {@code (N, g, C/g, H, W)}. */
    GROUPED,
    /** {@code (N, C/g, g, H, W)}: on the way to a shuffle. */
    SWAPPED
  }

  static final OnnxLayout FIRST = new OnnxLayout(Order.FIRST, 1);
  static final OnnxLayout LAST = new OnnxLayout(Order.LAST, 1);
  static final OnnxLayout VECTOR = new OnnxLayout(Order.VECTOR, 1);

  /**
   * The extents in the file, behind the batch.
   *
   * @param shape of the value in the graph
   */
  List<Integer> extents(Shape shape) {
    if (order == Order.VECTOR) {
      return shape.dimensions();
    }
    int channels = shape.dimension(0);
    int height = shape.dimension(1);
    int width = shape.dimension(2);
    return switch (order) {
      case LAST -> List.of(height, width, channels);
      case GROUPED -> List.of(groups, channels / groups, height, width);
      case SWAPPED -> List.of(channels / groups, groups, height, width);
      default -> shape.dimensions();
    };
  }

  int rank() {
    return switch (order) {
      case VECTOR -> 2;
      case FIRST, LAST -> 4;
      case GROUPED, SWAPPED -> 5;
    };
  }

  /** The axis of the channels, of an image or a vector. */
  int channelAxis() {
    return order == Order.LAST ? 3 : 1;
  }

  /** The axis of the rows; that of the columns is the next. */
  int heightAxis() {
    return order == Order.LAST ? 1 : 2;
  }

  boolean isImage() {
    return order == Order.FIRST || order == Order.LAST;
  }
}
