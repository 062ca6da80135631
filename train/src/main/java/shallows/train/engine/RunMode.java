package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import shallows.model.graph.FakeQuantization;

/**
 * One way of running a graph.
 *
 * @param on whether each block, in the graph's order, is on; null runs every block with its branch
 *     scaled by its factor. The branch of a block that is on is not scaled
 * @param kept by block, ones and zeros of shape {@code (N, 1, 1, 1)} that its branch is multiplied
 *     by, so that it counts for some images alone; null, or null for a block, where it counts for
 *     all
 * @param batchStatistics whether batch norm normalizes with the mean and variance of the batch and
 *     moves the stored ones; if not, it uses the stored ones
 * @param keep how much of the stored statistics stays when a batch moves them, in [0, 1]: stored =
 *     keep · stored + (1 − keep) · batch. This is DJL's convention; PyTorch's momentum is 1 − keep
 * @param latentWeights whether the weights of binary convolutions are still the real numbers that
 *     training moves, to be binarized on the way ({@link StraightThrough}); if not, they have been
 * @param dropout draws what dropout leaves out, and its seed the regions of fractional pools; null
 *     leaves out nothing, and pools are as they are in the graph
 * @param quantization what is rounded on the way
 */
record RunMode(
    boolean[] on,
    NDArray[] kept,
    boolean batchStatistics,
    float keep,
    boolean latentWeights,
    DropoutMasks dropout,
    FakeQuantization quantization) {
  /** PyTorch's usual momentum of 0.1. */
  private static final float TRAINING_KEEP = 0.9f;

  /**
   * Answers, and changes nothing.
   *
   * @param quantization as above
   */
  static RunMode evaluation(FakeQuantization quantization) {
    return new RunMode(null, null, false, 1f, false, null, quantization);
  }

  /**
   * @param on as above
   * @param kept as above
   * @param dropout as above
   * @param quantization as above
   */
  static RunMode training(
      boolean[] on, NDArray[] kept, DropoutMasks dropout, FakeQuantization quantization) {
    return new RunMode(on, kept, true, TRAINING_KEEP, true, dropout, quantization);
  }

  /** What is stored becomes the statistics of the batch. */
  static final RunMode STATISTICS =
      new RunMode(null, null, true, 0f, false, null, FakeQuantization.NONE);

  /** Whether gates decide which blocks run. */
  boolean isGated() {
    return on != null;
  }

  /** What the branch of a block is multiplied by, image by image; null for nothing. */
  NDArray kept(int block) {
    return kept == null ? null : kept[block];
  }
}
