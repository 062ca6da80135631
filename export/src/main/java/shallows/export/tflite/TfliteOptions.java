package shallows.export.tflite;

import shallows.export.quantize.WeightStorage;

/**
 * The form of a TFLite file.
 *
 * @param batch how many images it takes
 * @param edges what goes in and out, of a file of integers
 * @param weights how they lie in the file. Bits are unpacked at every run, into as much memory as
 *     they would take otherwise, and XNNPACK leaves convolutions with such filters to TFLite's own
 *     kernels: smaller, not faster. What is rounded, in files of floats only, XNNPACK makes floats
 *     of when it loads the file, others at every run
 */
public record TfliteOptions(TfliteBatch batch, TfliteEdges edges, WeightStorage weights) {
  /** One image of floats, weights as they are computed with. */
  public static final TfliteOptions STANDARD =
      new TfliteOptions(TfliteBatch.ONE, TfliteEdges.FLOATS, WeightStorage.AS_COMPUTED);

  /** As {@link #STANDARD}, with bits. */
  public static final TfliteOptions PACKED = STANDARD.with(WeightStorage.BITS);

  public TfliteOptions with(WeightStorage other) {
    return new TfliteOptions(batch, edges, other);
  }
}
