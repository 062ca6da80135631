package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Numbers as tensors, made on the device where they are used. DJL's calls with a Java number put it
 * into a buffer of Java's and copy it from there. The buffer may be collected before the backward
 * pass reads it again, and the gradients turn into noise; and to a GPU the copy waits until all
 * that the GPU was given before is done.
 */
final class Scalar {
  private static final Shape NO_AXES = new Shape();

  private Scalar() {}

  /** On the manager's device, a float. */
  static NDArray of(double value, NDManager manager) {
    return manager.full(NO_AXES, (float) value, DataType.FLOAT32);
  }

  /** On the manager of an array, which must be that of the array's device. */
  static NDArray like(NDArray array, double value) {
    return of(value, array.getManager());
  }
}
