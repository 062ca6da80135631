package shallows.prune;

import java.util.Optional;

/**
 * What fine-tuning left of a cut.
 *
 * @param network measured as it stands, on the images that cuts are chosen by
 * @param history of the fine-tuning; empty where the network is as it was cut
 */
record TunedCut(Cut cut, Measurement network, Optional<String> history) {
  /** Not fine-tuned. */
  static TunedCut asItIs(Cut cut) {
    return new TunedCut(cut, cut.network(), Optional.empty());
  }

  /** The same with more to say. */
  TunedCut telling(Cut told) {
    return new TunedCut(told, network, history);
  }
}
