package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import shallows.model.graph.BinaryWeights;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;

/**
 * The parameters of graphs that only answer, in native memory; the weights of binary convolutions
 * are binarized. What several graphs have in common, the same tensor, is there once.
 */
final class SharedParameters {
  private final NDManager manager;
  private final Map<Tensor, NDArray> arrays = new IdentityHashMap<>();
  private final Map<Tensor, NDArray> binarized = new IdentityHashMap<>();

  /**
   * @param manager gets them
   */
  SharedParameters(NDManager manager) {
    this.manager = manager;
  }

  /** By name. */
  Map<String, NDArray> of(Graph graph) {
    return of(graph, graph.parameters().keySet());
  }

  /**
   * Some of them.
   *
   * @param names what is no parameter is left out
   */
  Map<String, NDArray> of(Graph graph, Set<String> names) {
    Map<String, NDArray> parameters = new HashMap<>();
    Set<String> binary = new HashSet<>(TorchTraining.binaryWeights(graph));
    graph
        .parameters()
        .forEach(
            (name, value) -> {
              if (names.contains(name)) {
                parameters.put(
                    name,
                    binary.contains(name)
                        ? binarized.computeIfAbsent(value, w -> array(BinaryWeights.project(w)))
                        : arrays.computeIfAbsent(value, this::array));
              }
            });
    return parameters;
  }

  private NDArray array(Tensor value) {
    long[] shape = value.shape().dimensions().stream().mapToLong(d -> d).toArray();
    return manager.create(value.values(), new Shape(shape));
  }
}
