package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Tensor;

/**
 * An exponential moving average of arrays that training changes: a ← δ·a + (1 − δ)·w (Polyak and
 * Juditsky 1992, in the exponential form of Tarvainen and Valpola 2017, "Mean teachers").
 */
final class WeightAverage implements AutoCloseable {
  private static final NDIndex EVERYTHING = new NDIndex(":");

  private final NDManager manager;
  private final List<Array> arrays = new ArrayList<>();

  /**
   * @param values w, only read
   * @param average a
   */
  private record Array(FlatTensors layout, NDArray values, NDArray average) {}

  /**
   * @param parent of the arrays that are made here
   */
  WeightAverage(NDManager parent) {
    manager = parent.newSubManager();
  }

  /**
   * Follows an array, beginning where it is now.
   *
   * @param values changed in place by others
   */
  void add(FlatTensors layout, NDArray values) {
    if (!layout.isEmpty()) {
      NDArray average = values.duplicate();
      average.attach(manager);
      arrays.add(new Array(layout, values, average));
    }
  }

  /**
   * @param decay δ, in [0, 1]
   */
  void follow(double decay) {
    try (NDManager step = manager.newSubManager()) {
      NDArray kept = Scalar.of(decay, step);
      NDArray taken = Scalar.of(1 - decay, step);
      for (Array array : arrays) {
        try (NDArray share = array.values.mul(taken)) {
          array.average.muli(kept).addi(share);
        }
      }
    }
  }

  /** a, by parameter. */
  Map<String, Tensor> parameters() {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    arrays.forEach(array -> parameters.putAll(array.layout.scatter(array.average.toFloatArray())));
    return parameters;
  }

  /** Goes back to an earlier average. */
  void restore(Map<String, Tensor> earlier) {
    for (Array array : arrays) {
      try (NDArray source = manager.create(array.layout.gather(earlier))) {
        array.average.set(EVERYTHING, source);
      }
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
