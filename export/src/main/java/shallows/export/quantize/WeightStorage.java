package shallows.export.quantize;

/** How the weights of layers lie in a file, other than biases and what has no weights. */
public enum WeightStorage {
  /** As they are computed with. */
  AS_COMPUTED,
  /** One bit a weight where a convolution is binary; see {@link PackedBits}. */
  BITS,
  /** In half precision; see {@link StoredWeights}. */
  HALF,
  /** In 8 bits, with a scale for each output; see {@link StoredWeights}. */
  BYTES,
  /**
   * In 4 bits, with a scale for each output, or in 8 where 4 cost too much; see {@link
   * StoredWeights}. ONNX files only: TFLite has no fast kernels for them.
   */
  NIBBLES;

  /** Whether a file computes with floats of its own, and not with those that it was given. */
  public boolean isRounded() {
    return this == HALF || this == BYTES || this == NIBBLES;
  }
}
