package shallows.model.graph;

/** How many values a weight may take. */
public enum Precision {
  /** 32-bit floating point. */
  FLOAT,
  /**
   * Two values an output channel, −α and +α: the binary-weight network of Rastegari et al. 2016,
   * "XNOR-Net". See {@link BinaryWeights}.
   */
  BINARY
}
