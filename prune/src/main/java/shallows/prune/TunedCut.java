package shallows.prune;

/**
 * What fine-tuning left of a cut.
 *
 * @param network measured as it stands
 */
record TunedCut(Cut cut, Measurement network) {}
