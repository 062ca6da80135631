package shallows.prune.tune;

import java.util.Optional;
import shallows.prune.search.CutNetwork;
import shallows.prune.search.MeasuredNetwork;

/**
 * What fine-tuning left of a cut.
 *
 * @param network measured as it stands, on the images that cuts are chosen by
 * @param history of the fine-tuning; empty where the network is as it was cut
 */
public record TunedNetwork(CutNetwork cut, MeasuredNetwork network, Optional<String> history) {
  /** Not fine-tuned. */
  public static TunedNetwork asItIs(CutNetwork cut) {
    return new TunedNetwork(cut, cut.network(), Optional.empty());
  }

  boolean isAsCut() {
    return network == cut.network();
  }

  /** The same with more to say. */
  TunedNetwork telling(CutNetwork told) {
    return new TunedNetwork(told, network, history);
  }
}
