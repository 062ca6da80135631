package shallows.export.quantize.calibrate;

/** Finds the integers of one output of a layer, see {@link LearnedRounding}. */
final class RoundingDescent {
  /** Of what is a finite descent; far more than it takes. */
  private static final int MOST_SWEEPS = 50;

  private RoundingDescent() {}

  /**
   * Changes q by steps of one, each the better direction, until none lowers the error.
   *
   * @param row the weights as they are
   * @param stay λ, which the diagonal of the moments has in it already
   * @param q the integers of the row; changed
   * @param most the largest integer there may be
   */
  static void descend(
      PatchMoments moments, float[] row, double stay, byte[] q, double scale, int most) {
    double[][] own = moments.own();
    int size = q.length;
    // Half of the gradient by s·q.
    double[] gradient = new double[size];
    for (int i = 0; i < size; i++) {
      double sum = -stay * row[i];
      for (int j = 0; j < size; j++) {
        sum += own[i][j] * q[j] * scale - moments.cross()[i][j] * row[j];
      }
      gradient[i] = sum;
    }
    int largest = largest(row);
    boolean moved = true;
    for (int sweep = 0; moved && sweep < MOST_SWEEPS; sweep++) {
      moved = false;
      for (int i = 0; i < size; i++) {
        int step = gradient[i] > 0 ? -1 : 1;
        boolean allowed = i != largest && Math.abs(q[i] + step) <= most;
        if (allowed && own[i][i] * scale < 2 * Math.abs(gradient[i])) {
          q[i] += (byte) step;
          double change = step * scale;
          for (int j = 0; j < size; j++) {
            gradient[j] += change * own[j][i];
          }
          moved = true;
        }
      }
    }
  }

  private static int largest(float[] row) {
    int largest = 0;
    for (int i = 1; i < row.length; i++) {
      if (Math.abs(row[i]) > Math.abs(row[largest])) {
        largest = i;
      }
    }
    return largest;
  }
}
