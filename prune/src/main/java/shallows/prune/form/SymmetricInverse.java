package shallows.prune.form;

import java.util.stream.IntStream;

/** Inverts symmetric positive definite matrices, row after row in two threads or more. */
final class SymmetricInverse {
  /** Below, threads cost more than they bring. */
  private static final int SMALL = 256;

  private SymmetricInverse() {}

  /**
   * Gauss and Jordan's way, in place and without pivoting, which is stable for such matrices.
   *
   * @param matrix {@code (size, size)}, row by row; becomes its inverse
   */
  static void invert(double[] matrix, int size) {
    for (int pivot = 0; pivot < size; pivot++) {
      double value = matrix[pivot * size + pivot];
      if (!(value > 0)) {
        throw new IllegalStateException("not positive definite: pivot " + pivot + " is " + value);
      }
      int row = pivot * size;
      matrix[row + pivot] = 1;
      for (int j = 0; j < size; j++) {
        matrix[row + j] /= value;
      }
      int fixed = pivot;
      IntStream rows = IntStream.range(0, size);
      (size < SMALL ? rows : rows.parallel()).forEach(i -> clear(matrix, size, i, fixed));
    }
  }

  private static void clear(double[] matrix, int size, int i, int pivot) {
    if (i == pivot) {
      return;
    }
    double factor = matrix[i * size + pivot];
    if (factor == 0) {
      return;
    }
    matrix[i * size + pivot] = 0;
    for (int j = 0, to = i * size, from = pivot * size; j < size; j++) {
      matrix[to + j] -= factor * matrix[from + j];
    }
  }
}
