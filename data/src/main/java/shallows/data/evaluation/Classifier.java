package shallows.data.evaluation;

/**
 * Anything that turns images into logits: the reference interpreter, a graph on DJL, an exported
 * file in its runtime.
 */
public interface Classifier extends AutoCloseable {
  /**
   * @param images normalized pixels, {@code (N, C, H, W)} in row-major order
   * @param count N, at least 1
   * @return logits {@code (N, classes)}
   */
  float[][] logits(float[] images, int count);

  @Override
  void close();
}
