package shallows.model.onnx.read;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import shallows.model.graph.Shape;
import shallows.model.graph.Tensor;

/** Tensors with their axes in another order. */
final class Permutation {
  private Permutation() {}

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
