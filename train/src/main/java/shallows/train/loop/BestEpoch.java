package shallows.train.loop;

import java.util.LinkedHashMap;
import java.util.Map;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.network.SurvivalSchedule;
import shallows.train.checkpoint.Restorable;
import shallows.train.checkpoint.State;

/**
 * The network that was most accurate on the held-out images so far. Those images choose among the
 * epochs, so its accuracy on them is a little better than on images that had no say.
 */
final class BestEpoch implements Restorable {
  private static final String EPOCH = "epoch";
  private static final String ACCURACY = "accuracy";
  private static final String PARAMETER = "parameter:";
  private static final String SURVIVAL = "survival:";

  private final Graph network;
  private Graph best;
  private int epoch;
  private double accuracy = -1;

  /**
   * @param network that is trained
   */
  BestEpoch(Graph network) {
    this.network = network;
  }

  /**
   * Takes the network if it is more accurate than all before.
   *
   * @param trained with the weights and survival probabilities of this epoch
   */
  void offer(Graph trained, Epoch now) {
    if (now.heldOutAccuracy() > accuracy) {
      best = trained;
      epoch = now.epoch();
      accuracy = now.heldOutAccuracy();
    }
  }

  /** How many epochs ago that was. */
  int age(Epoch now) {
    return now.epoch() - epoch;
  }

  /** The network, after at least one was offered. */
  Graph graph() {
    return best;
  }

  /** Counted from 1. */
  int epoch() {
    return epoch;
  }

  @Override
  public State state() {
    if (best == null) {
      return new State(Map.of(), Map.of());
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    best.parameters().forEach((name, value) -> tensors.put(PARAMETER + name, value));
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(EPOCH, String.valueOf(epoch));
    texts.put(ACCURACY, String.valueOf(accuracy));
    best.blocks().forEach(block -> texts.put(SURVIVAL + block.name(), "" + best.survival(block)));
    return new State(tensors, texts);
  }

  @Override
  public void restore(State state) {
    if (state.texts().isEmpty()) {
      best = null;
      epoch = 0;
      accuracy = -1;
      return;
    }
    epoch = Integer.parseInt(state.text(EPOCH));
    accuracy = Double.parseDouble(state.text(ACCURACY));
    double[] survival =
        network.blocks().stream()
            .mapToDouble(block -> Float.parseFloat(state.text(SURVIVAL + block.name())))
            .toArray();
    best =
        SurvivalSchedule.withProbabilities(
            network.withParameters(state.tensors(PARAMETER)), survival);
  }
}
