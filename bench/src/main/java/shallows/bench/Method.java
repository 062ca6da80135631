package shallows.bench;

/** A way to a smaller network; each is a row of the comparison. */
enum Method {
  OURS("ours: backward elimination, the order begun by the survival statistics"),
  DEEP_END("blocks dropped from the deep end"),
  RANDOM("blocks dropped at random"),
  CHANNELS("channels pruned by L1 norm, same network"),
  OURS_WITHOUT_STOCHASTIC_DEPTH("our plan, network trained without stochastic depth"),
  SCRATCH("our shape trained from scratch, same total compute unless said above"),
  CHANNELS_WITHOUT_STOCHASTIC_DEPTH("channels pruned by L1 norm, trained without stochastic depth"),
  BINARIZE_HALF("half of the blocks' weights binarized, nothing dropped");

  private final String words;

  Method(String words) {
    this.words = words;
  }

  String inWords() {
    return words;
  }

  /** Whether the network that is cut was trained with every block on. */
  boolean isWithoutStochasticDepth() {
    return this == OURS_WITHOUT_STOCHASTIC_DEPTH || this == CHANNELS_WITHOUT_STOCHASTIC_DEPTH;
  }
}
