package shallows.prune.form;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A symmetric matrix of which only what is on and below the diagonal is kept, row by row. Products
 * are summed in tiles that stay in a processor's cache, rows side by side in two threads or more;
 * each entry is summed in the same order whatever their number.
 */
final class SymmetricMatrix {
  /** Rows and columns that are inverted at a time. */
  private static final int BLOCK = 64;

  /** Columns of a tile: with a block of rows, 256 KB. */
  private static final int TILE = 512;

  /** Rows that a thread takes at a time. */
  private static final int ROWS = 32;

  /** With fewer multiplications, threads cost more than they bring. */
  private static final long SMALL = 1 << 22;

  private final double[] values;
  private int size;

  private SymmetricMatrix(double[] values, int size) {
    this.values = values;
    this.size = size;
  }

  /**
   * @param lower its rows, each up to the diagonal, one behind the other; kept
   */
  static SymmetricMatrix of(double[] lower, int size) {
    return new SymmetricMatrix(lower, size);
  }

  private static int start(int row) {
    return row * (row + 1) / 2;
  }

  int size() {
    return size;
  }

  double at(int i, int j) {
    return i >= j ? values[start(i) + j] : values[start(j) + i];
  }

  void addToDiagonal(int i, double value) {
    values[start(i) + i] += value;
  }

  /** The whole row, above the diagonal as well. */
  private void row(int i, double[] to, int offset) {
    System.arraycopy(values, start(i), to, offset, i + 1);
    for (int j = i + 1; j < size; j++) {
      to[offset + j] = values[start(j) + i];
    }
  }

  /** These rows, {@code (rows, size)}. */
  double[] rows(int[] rows) {
    double[] whole = new double[rows.length * size];
    for (int r = 0; r < rows.length; r++) {
      row(rows[r], whole, r * size);
    }
    return whole;
  }

  /** What stands at these rows and columns. */
  SymmetricMatrix part(int[] rows) {
    double[] part = new double[start(rows.length)];
    for (int i = 0, next = 0; i < rows.length; i++) {
      for (int j = 0; j <= i; j++) {
        part[next++] = at(rows[i], rows[j]);
      }
    }
    return new SymmetricMatrix(part, rows.length);
  }

  /**
   * Takes rows and columns out; those behind move up.
   *
   * @param rows ascending
   */
  void remove(int[] rows) {
    int[] left = IntStream.range(0, size).filter(i -> Arrays.binarySearch(rows, i) < 0).toArray();
    for (int i = 0, next = 0; i < left.length; i++) {
      for (int j = 0, from = start(left[i]); j <= i; j++) {
        values[next++] = values[from + left[j]];
      }
    }
    size = left.length;
  }

  /**
   * Adds a product that is symmetric.
   *
   * @param left {@code (size, count)}
   * @param right {@code (count, size)}
   */
  void add(double[] left, double[] right, int count) {
    inRows(
        (long) size * size / 2 * count,
        (from, to) -> {
          for (int tile = 0; tile < to; tile += TILE) {
            for (int i = Math.max(from, tile); i < to; i++) {
              int length = Math.min(TILE, i + 1 - tile);
              addRows(values, start(i) + tile, left, i * count, count, right, tile, size, length);
            }
          }
        });
  }

  /**
   * Adds this matrix times another.
   *
   * @param other {@code (size, columns)}
   * @param to likewise
   */
  void addProduct(double[] other, int columns, double[] to) {
    inRows(
        (long) size * size * columns,
        (from, until) -> {
          double[] whole = new double[(until - from) * size];
          for (int i = from; i < until; i++) {
            row(i, whole, (i - from) * size);
          }
          for (int first = 0; first < size; first += BLOCK) {
            int count = Math.min(BLOCK, size - first);
            for (int i = from; i < until; i++) {
              addRows(
                  to,
                  i * columns,
                  whole,
                  (i - from) * size + first,
                  count,
                  other,
                  first * columns,
                  columns,
                  columns);
            }
          }
        });
  }

  /** Some rows of all, in any order. */
  @FunctionalInterface
  private interface RowRange {
    void of(int from, int to);
  }

  private void inRows(long products, RowRange work) {
    int ranges = (size + ROWS - 1) / ROWS;
    IntStream all = IntStream.range(0, ranges);
    (products < SMALL ? all : all.parallel())
        .forEach(r -> work.of(r * ROWS, Math.min(size, (r + 1) * ROWS)));
  }

  /**
   * Adds rows, each times a factor; four at a time, so that what they are added to is read and
   * written a fourth as often.
   */
  private static void addRows(
      double[] to,
      int at,
      double[] factors,
      int first,
      int count,
      double[] rows,
      int begin,
      int stride,
      int length) {
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      double f0 = factors[first + k];
      double f1 = factors[first + k + 1];
      double f2 = factors[first + k + 2];
      double f3 = factors[first + k + 3];
      int r0 = begin + k * stride;
      int r1 = r0 + stride;
      int r2 = r1 + stride;
      int r3 = r2 + stride;
      for (int j = 0; j < length; j++) {
        to[at + j] += f0 * rows[r0 + j] + f1 * rows[r1 + j] + f2 * rows[r2 + j] + f3 * rows[r3 + j];
      }
    }
    for (; k < count; k++) {
      double factor = factors[first + k];
      int row = begin + k * stride;
      for (int j = 0; j < length; j++) {
        to[at + j] += factor * rows[row + j];
      }
    }
  }

  /**
   * Makes it its inverse, block of rows after block of rows: with D = A_KK, A_KK becomes −D⁻¹, A_iK
   * becomes A_iK·D⁻¹ and A_ij becomes A_ij − A_iK·D⁻¹·A_Kj (the sweep operator; Goodnight 1979, "A
   * Tutorial on the SWEEP Operator"), after all of which −A⁻¹ is left. Without pivoting, which is
   * stable for such matrices.
   *
   * @throws IllegalStateException when it is not positive definite
   */
  void invert() {
    for (int first = 0; first < size; first += BLOCK) {
      sweep(first, Math.min(BLOCK, size - first));
    }
    for (int i = 0; i < start(size); i++) {
      values[i] = -values[i];
    }
  }

  private void sweep(int first, int count) {
    double[] rows = rows(IntStream.range(first, first + count).toArray());
    double[] block = new double[count * count];
    for (int k = 0; k < count; k++) {
      System.arraycopy(rows, k * size + first, block, k * count, count);
      // So that the columns of the block stay out of the product.
      Arrays.fill(rows, k * size + first, k * size + first + count, 0);
    }
    invert(block, count, first);
    double[] left = new double[size * count];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < count; k++) {
        double value = rows[k * size + i];
        for (int l = 0; l < count; l++) {
          left[i * count + l] -= value * block[k * count + l];
        }
      }
    }
    add(left, rows, count);
    for (int k = 0; k < count; k++) {
      int row = start(first + k);
      for (int i = 0; i < first; i++) {
        values[row + i] = -left[i * count + k];
      }
      for (int l = 0; l <= k; l++) {
        values[row + first + l] = -block[k * count + l];
      }
      for (int i = first + count; i < size; i++) {
        values[start(i) + first + k] = -left[i * count + k];
      }
    }
  }

  /** Gauss and Jordan's way, of a block that fits into a cache. */
  private static void invert(double[] block, int size, int first) {
    for (int pivot = 0; pivot < size; pivot++) {
      int row = pivot * size;
      double value = block[row + pivot];
      if (!(value > 0)) {
        throw new IllegalStateException(
            "not positive definite: pivot " + (first + pivot) + " is " + value);
      }
      block[row + pivot] = 1;
      for (int j = 0; j < size; j++) {
        block[row + j] /= value;
      }
      for (int i = 0; i < size; i++) {
        if (i != pivot) {
          double factor = block[i * size + pivot];
          block[i * size + pivot] = 0;
          for (int j = 0; j < size; j++) {
            block[i * size + j] -= factor * block[row + j];
          }
        }
      }
    }
  }
}
