package shallows.export.tflite;

import org.tensorflow.lite.schema.TensorType;

/**
 * The type of a tensor's elements and, where they are integers that stand for floats, how.
 *
 * @param type of {@code TensorType}
 * @param scales none; one; or one for each index of {@code axis}
 * @param zeroPoint of all of them
 * @param axis that the scales belong to
 */
record TensorKind(byte type, float[] scales, int zeroPoint, int axis) {
  static final TensorKind FLOAT = plain(TensorType.FLOAT32);

  /** Without a scale. */
  static TensorKind plain(byte type) {
    return new TensorKind(type, new float[0], 0, 0);
  }

  /**
   * @param zeroPoint in [−128, 127]
   */
  static TensorKind int8(float scale, int zeroPoint) {
    return new TensorKind(TensorType.INT8, new float[] {scale}, zeroPoint, 0);
  }

  /** Symmetric about zero. */
  static TensorKind perChannel(byte type, float[] scales, int axis) {
    return new TensorKind(type, scales, 0, axis);
  }

  boolean isQuantized() {
    return scales.length > 0;
  }
}
