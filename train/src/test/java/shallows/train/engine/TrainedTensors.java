package shallows.train.engine;

import java.util.Map;
import shallows.model.graph.Tensor;

/** What a training holds at the moment, out of its state, by the name of the parameter. */
final class TrainedTensors {
  private TrainedTensors() {}

  /** Everything that training changed: real weights of binary convolutions too. */
  static Map<String, Tensor> parameters(TorchTraining training) {
    return training.state().tensors(TrainingState.PARAMETER);
  }

  /** The velocity of each trained parameter. */
  static Map<String, Tensor> velocities(TorchTraining training) {
    return training.state().tensors(TrainingState.VELOCITY);
  }
}
