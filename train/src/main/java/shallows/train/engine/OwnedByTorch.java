package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Numbers of Java's that a backward pass reads again. What DJL makes of an array lies in a direct
 * buffer of Java's, which may be collected as soon as that array is closed, whatever torch has kept
 * of it, and the gradients turn into noise. A copy is torch's own.
 */
final class OwnedByTorch {
  private OwnedByTorch() {}

  static NDArray of(float[] values, Shape shape, NDManager manager) {
    try (NDArray javas = manager.create(values, shape)) {
      return javas.duplicate();
    }
  }
}
