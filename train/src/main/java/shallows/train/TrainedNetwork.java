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
 */
public record TrainedNetwork(Graph graph, StepLog steps, List<Epoch> history) {
  public TrainedNetwork {
    history = List.copyOf(history);
  }
}
