package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Tensor;

/**
 * Where named tensors lie in one flat array, one behind the other. What is done to all of them
 * alike then takes one operation instead of hundreds.
 */
final class FlatTensors {
  private final List<String> names;
  private final List<shallows.model.graph.Shape> shapes = new ArrayList<>();
  private final long[] ends;

  /**
   * @param names in their order in the array
   * @param tensors of these names and others; their shapes count, not their values
   */
  FlatTensors(List<String> names, Map<String, Tensor> tensors) {
    this.names = names;
    ends = new long[names.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      Tensor tensor = tensors.get(names.get(i));
      shapes.add(tensor.shape());
      end += tensor.size();
      ends[i] = end;
    }
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** Puts the values of {@code tensors} into one array. */
  float[] gather(Map<String, Tensor> tensors) {
    float[] flat = new float[ends.length == 0 ? 0 : Math.toIntExact(ends[ends.length - 1])];
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      Tensor tensor = tensors.get(names.get(i));
      if (tensor == null || !tensor.shape().equals(shapes.get(i))) {
        throw new IllegalArgumentException(
            "'"
                + names.get(i)
                + "' must be a tensor of shape "
                + shapes.get(i)
                + ", found "
                + tensor);
      }
      System.arraycopy(tensor.values(), 0, flat, offset, tensor.size());
      offset += tensor.size();
    }
    return flat;
  }

  /** Takes them apart again. */
  Map<String, Tensor> scatter(float[] flat) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    int offset = 0;
    for (int i = 0; i < names.size(); i++) {
      int end = (int) ends[i];
      tensors.put(names.get(i), new Tensor(shapes.get(i), Arrays.copyOfRange(flat, offset, end)));
      offset = end;
    }
    return tensors;
  }

  /** Views of the tensors inside {@code flat}: what is done to one is done to the other. */
  Map<String, NDArray> views(NDArray flat) {
    Map<String, NDArray> views = new HashMap<>();
    if (names.isEmpty()) {
      return views;
    }
    NDList pieces = split(flat, ends);
    for (int i = 0; i < names.size(); i++) {
      try (NDArray piece = pieces.get(i)) {
        long[] shape = shapes.get(i).dimensions().stream().mapToLong(d -> d).toArray();
        views.put(names.get(i), piece.reshape(new Shape(shape)));
      }
    }
    return views;
  }

  /**
   * Cuts an array behind each of the {@code ends}, the last of which is the array's own.
   *
   * @return views
   */
  static NDList split(NDArray flat, long[] ends) {
    if (ends.length == 1) {
      // Without an index between, DJL returns the array itself, and closing a piece closes it.
      return new NDList(flat.reshape(-1));
    }
    return flat.split(Arrays.copyOf(ends, ends.length - 1), 0);
  }
}
