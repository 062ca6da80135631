package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Tensors with their axes in another order. */
final class Permutation {
  /** Rows and columns of a matrix that fit into a processor's nearest cache together. */
  private static final int TILE = 32;

  private Permutation() {}

  /** Of a matrix, tile by tile: those of a transformer have a hundred million numbers. */
  static Tensor transposed(Tensor matrix) {
    int rows = matrix.shape().dimension(0);
    int columns = matrix.shape().dimension(1);
    Shape shape = Shape.of(columns, rows);
    return matrix.isSourced()
        ? Tensor.of(shape, () -> transposed(matrix, rows, columns))
        : new Tensor(shape, transposed(matrix, rows, columns));
  }

  private static float[] transposed(Tensor matrix, int rows, int columns) {
    float[] from = matrix.values();
    float[] to = new float[from.length];
    for (int top = 0; top < rows; top += TILE) {
      for (int left = 0; left < columns; left += TILE) {
        int bottom = Math.min(rows, top + TILE);
        int right = Math.min(columns, left + TILE);
        for (int row = top; row < bottom; row++) {
          for (int column = left; column < right; column++) {
            to[column * rows + row] = from[row * columns + column];
          }
        }
      }
    }
    return to;
  }

  /**
   * @param order for each axis of the result, which axis of {@code tensor} it is
   */
  static Tensor of(Tensor tensor, long[] order) {
    int rank = order.length;
    Set<Integer> seen = new HashSet<>();
    int[] strides = new int[rank];
    int stride = 1;
    for (int axis = rank - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= tensor.shape().dimension(axis);
    }
    List<Integer> extents = new ArrayList<>();
    int[] steps = new int[rank];
    for (int i = 0; i < rank; i++) {
      int axis = OnnxAxes.axis(order[i], rank);
      if (!seen.add(axis)) {
        throw new IllegalArgumentException("expected each axis once, found " + axis + " twice");
      }
      extents.add(tensor.shape().dimension(axis));
      steps[i] = strides[axis];
    }
    float[] values = new float[tensor.size()];
    int[] index = new int[rank];
    int from = 0;
    for (int to = 0; to < values.length; to++) {
      values[to] = tensor.values()[from];
      for (int axis = rank - 1; axis >= 0; axis--) {
        index[axis]++;
        from += steps[axis];
        if (index[axis] < extents.get(axis)) {
          break;
        }
        from -= steps[axis] * extents.get(axis);
        index[axis] = 0;
      }
    }
    return new Tensor(new Shape(extents), values);
  }
}
