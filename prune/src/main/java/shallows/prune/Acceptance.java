package shallows.prune;

/**
 * Which networks have lost no more accuracy than they may. A cut that will be fine-tuned is taken
 * by its estimate, since fine-tuning gives back more than chance took; a network that is to be
 * shipped as it is must hold with the margin of {@link AccuracyLoss}.
 *
 * @param reference the network that accuracy is compared with
 * @param maxDrop points that may be lost
 * @param tuned whether cuts are fine-tuned before they are shipped
 */
record Acceptance(Measurement reference, double maxDrop, boolean tuned) {

  AccuracyLoss loss(Measurement network) {
    return AccuracyLoss.between(reference, network);
  }

  /** Whether pruning may go on from this cut. */
  boolean allowsToGoOn(Measurement cut) {
    return tuned ? loss(cut).isProbablyWithin(maxDrop) : allowsToShip(cut);
  }

  /** Whether a network is good enough as it is. */
  boolean allowsToShip(Measurement network) {
    return loss(network).isSurelyWithin(maxDrop);
  }

  /** Whether a network is so good that an even smaller one may be tried. */
  boolean leavesRoom(Measurement network) {
    return loss(network).isVerySurelyWithin(maxDrop);
  }
}
