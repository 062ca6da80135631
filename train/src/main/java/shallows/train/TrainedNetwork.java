package shallows.train;

import java.util.List;
import shallows.model.graph.Graph;
import shallows.train.statistics.StepLog;

/**
 * What a training leaves.
 *
 * @param graph with trained parameters; weights of binary convolutions are binarized
 * @param steps what happened in each step
 * @param history one entry an epoch
 * @param rollbacks each time that the training diverged and went back; mostly none
 */
public record TrainedNetwork(
    Graph graph, StepLog steps, List<Epoch> history, List<Rollback> rollbacks) {
  public TrainedNetwork {
    history = List.copyOf(history);
    rollbacks = List.copyOf(rollbacks);
  }
}
