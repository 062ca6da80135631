package shallows.train.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;

/**
 * Writes into the memory that an array has and its views share. {@code NDArray.set} with numbers
 * and {@code copyTo} give it other memory, and its views keep the old.
 */
final class InPlace {
  private static final NDIndex EVERYTHING = new NDIndex(":");

  private InPlace() {}

  /**
   * @param source of the same shape; may be on another device
   */
  static void copy(NDArray source, NDArray target) {
    try (NDArray near = source.toDevice(target.getDevice(), true)) {
      target.set(EVERYTHING, near);
    }
  }

  /**
   * @param values as many as the array has, perhaps none
   */
  static void fill(NDArray target, float[] values) {
    if (values.length > 0) {
      try (NDArray source = target.getManager().create(values)) {
        copy(source, target);
      }
    }
  }
}
