package shallows.train.loop;

import java.util.List;
import shallows.model.graph.Graph;
import shallows.train.evidence.StepLog;
import shallows.train.evidence.SurvivalUpdate;

/**
 * What a training leaves.
 *
 * @param graph with trained parameters; weights of binary convolutions are binarized
 * @param epoch whose weights they are, counted from 1
 * @param steps what happened in each step
 * @param history one entry an epoch
 * @param rollbacks each time that the training diverged and went back; mostly none
 * @param survival how learned survival probabilities moved; empty where they never do
 */
public record TrainedNetwork(
    Graph graph,
    int epoch,
    StepLog steps,
    List<Epoch> history,
    List<Rollback> rollbacks,
    List<SurvivalUpdate> survival) {
  public TrainedNetwork {
    history = List.copyOf(history);
    rollbacks = List.copyOf(rollbacks);
    survival = List.copyOf(survival);
  }

  /** The epoch whose weights were handed on. */
  public Epoch chosen() {
    return history.get(epoch - 1);
  }
}
