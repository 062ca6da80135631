package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;

/**
 * The running statistics of batch norm, once for each part of a batch: a part moves its own, and
 * after a step all go on from their mean.
 */
final class RunningStatistics {
  private final FlatTensors layout;
  private final float[] initial;
  private final List<NDArray> ofParts = new ArrayList<>();

  /** Those of the graph. */
  RunningStatistics(Graph graph) {
    layout = new FlatTensors(ParameterGroups.stored(graph), graph.parameters());
    initial = layout.gather(graph.parameters());
  }

  /** For one more part, which may be on another device. */
  NDArray addPart(NDManager manager) {
    ofParts.add(manager.create(initial));
    return ofParts.get(ofParts.size() - 1);
  }

  /** By name, in the memory of a part's array. */
  Map<String, NDArray> views(NDArray ofPart) {
    return layout.views(ofPart);
  }

  /**
   * Every part goes on from the mean s_1 + Σ_i (s_i − s_1) / n of the parts' statistics: written
   * so, those of a block that was off, alike in all parts, keep every bit.
   */
  void average() {
    if (ofParts.size() == 1 || layout.isEmpty()) {
      return;
    }
    NDArray first = ofParts.get(0);
    List<NDArray> others = ofParts.subList(1, ofParts.size());
    try (NDArray change = first.sub(first);
        NDArray share = Scalar.like(first, 1f / ofParts.size())) {
      for (NDArray other : others) {
        try (NDArray theirs = other.toDevice(first.getDevice(), true);
            NDArray difference = theirs.sub(first)) {
          change.addi(difference);
        }
      }
      first.addi(change.muli(share));
    }
    others.forEach(other -> InPlace.copy(first, other));
  }

  /** Between steps, when all parts have the same. */
  Map<String, Tensor> values() {
    return layout.scatter(ofParts.get(0).toFloatArray());
  }

  /**
   * @param values by name, perhaps among others
   */
  void restore(Map<String, Tensor> values) {
    float[] flat = layout.gather(values);
    ofParts.forEach(part -> InPlace.fill(part, flat));
  }

  /** Has an average follow them. */
  void addTo(WeightAverage average) {
    average.add(layout, ofParts.get(0));
  }
}
