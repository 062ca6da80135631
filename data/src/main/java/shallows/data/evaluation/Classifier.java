package shallows.data.evaluation;

/**
 * Anything that turns images into logits: the reference interpreter, a graph on DJL, an exported
 * file in its runtime.
 */
public interface Classifier extends AutoCloseable {
  /**
   * @param images normalized pixels, {@code (N, H, W, C)} in row-major order; an engine that
   *     computes with the channels first turns them itself
   * @param count N, at least 1
   * @return logits {@code (N, classes)}
   */
  float[][] logits(float[] images, int count);

  @Override
  void close();
}
