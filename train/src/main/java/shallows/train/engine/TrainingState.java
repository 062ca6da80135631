package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.graph.Tensor;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;

/**
 * All that the steps of a training change: weights and the velocity of each, the running statistics
 * of batch norm, and the average of weights and statistics where there is one. It lies on the first
 * device; there the arrays keep their memory for life, see {@link InPlace}.
 */
final class TrainingState implements Restorable {
  static final String PARAMETER = "parameter:";
  static final String VELOCITY = "velocity:";
  private static final String AVERAGE = "average:";

  private final FlatTensors layout;
  private final NDManager manager;
  private final NDArray weights;
  private final NDArray velocities;
  private final RunningStatistics statistics;

  /** Null until the first call of {@link #average}. */
  private WeightAverage average;

  /**
   * At rest.
   *
   * @param layout of weights and velocities
   * @param initial parameters by name
   * @param statistics whose parts are added by others
   */
  TrainingState(
      FlatTensors layout,
      Map<String, Tensor> initial,
      RunningStatistics statistics,
      NDManager manager) {
    this.layout = layout;
    this.manager = manager;
    this.statistics = statistics;
    float[] flat = layout.gather(initial);
    weights = manager.create(flat);
    velocities = manager.create(new float[flat.length]);
  }

  /** All trained parameters in one array, changed in place. */
  NDArray weights() {
    return weights;
  }

  /** The same for their velocities. */
  NDArray velocities() {
    return velocities;
  }

  RunningStatistics statistics() {
    return statistics;
  }

  /** See {@link TorchTraining#average}. */
  void average(double decay) {
    if (average == null) {
      average = newAverage();
    }
    average.follow(decay);
  }

  private WeightAverage newAverage() {
    WeightAverage fresh = new WeightAverage(manager);
    fresh.add(layout, weights);
    statistics.addTo(fresh);
    return fresh;
  }

  /** Everything that training changed: real weights of binary convolutions too. */
  Map<String, Tensor> parameters() {
    Map<String, Tensor> parameters = layout.scatter(weights.toFloatArray());
    parameters.putAll(statistics.values());
    return parameters;
  }

  /** The parameters of now, or their average where there is one. */
  Map<String, Tensor> result() {
    return average == null ? parameters() : average.parameters();
  }

  /** By parameter. */
  Map<String, Tensor> velocitiesByName() {
    return layout.scatter(velocities.toFloatArray());
  }

  boolean isFinite() {
    // A sum of finite floats of any sensible size is finite, and one that is not spoils it.
    try (NDArray weight = weights.sum();
        NDArray velocity = velocities.sum()) {
      return Float.isFinite(weight.getFloat()) && Float.isFinite(velocity.getFloat());
    }
  }

  @Override
  public State state() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    parameters().forEach((name, value) -> tensors.put(PARAMETER + name, value));
    velocitiesByName().forEach((name, value) -> tensors.put(VELOCITY + name, value));
    if (average != null) {
      average.parameters().forEach((name, value) -> tensors.put(AVERAGE + name, value));
    }
    return State.of(tensors);
  }

  @Override
  public void restore(State state) {
    Map<String, Tensor> parameters = state.tensors(PARAMETER);
    InPlace.fill(weights, layout.gather(parameters));
    InPlace.fill(velocities, layout.gather(state.tensors(VELOCITY)));
    statistics.restore(parameters);
    restoreAverage(state.tensors(AVERAGE));
  }

  private void restoreAverage(Map<String, Tensor> earlier) {
    if (earlier.isEmpty() && average != null) {
      average.close();
      average = null;
    }
    if (!earlier.isEmpty()) {
      average = average == null ? newAverage() : average;
      average.restore(earlier);
    }
  }
}
