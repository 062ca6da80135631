package shallows.model.onnx.constant;

/** Arrays of floats, doubles or longs, whichever a {@link Constant} has. */
final class Numbers {
  private Numbers() {}

  /** An empty array of the same kind. */
  static Object like(Object numbers, int size) {
    return numbers instanceof float[]
        ? new float[size]
        : numbers instanceof double[] ? new double[size] : new long[size];
  }

  static void copy(Object numbers, int from, Object result, int to) {
    if (numbers instanceof float[] floats) {
      ((float[]) result)[to] = floats[from];
    } else if (numbers instanceof double[] doubles) {
      ((double[]) result)[to] = doubles[from];
    } else {
      ((long[]) result)[to] = ((long[]) numbers)[from];
    }
  }

  static void fill(Object result, int to, double with) {
    if (result instanceof float[] floats) {
      floats[to] = (float) with;
    } else if (result instanceof double[] doubles) {
      doubles[to] = with;
    } else {
      ((long[]) result)[to] = (long) with;
    }
  }
}
