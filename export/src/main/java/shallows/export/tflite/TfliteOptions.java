package shallows.export.tflite;

/**
 * The form of a TFLite file.
 *
 * @param batch how many images it takes
 * @param edges what goes in and out, of a file of integers
 * @param packed whether it holds one bit a weight where a convolution is binary. The runtime
 *     unpacks them at every run, into as much memory as they would take otherwise, and XNNPACK
 *     leaves convolutions with such filters to TFLite's own kernels: it is smaller, not faster
 */
public record TfliteOptions(TfliteBatch batch, TfliteEdges edges, boolean packed) {
  /** One image of floats, weights as they are computed with. */
  public static final TfliteOptions STANDARD =
      new TfliteOptions(TfliteBatch.ONE, TfliteEdges.FLOATS, false);

  /** As {@link #STANDARD}, with bits. */
  public static final TfliteOptions PACKED = STANDARD.withPacked(true);

  public TfliteOptions withPacked(boolean other) {
    return new TfliteOptions(batch, edges, other);
  }
}
