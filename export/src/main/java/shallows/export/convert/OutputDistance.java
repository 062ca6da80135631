package shallows.export.convert;

/**
 * How far outputs are from those that they should be.
 *
 * @param largest difference of two; infinite where there are others in number, or none
 * @param scale the range of those that they should be, or the size where there is but one
 */
record OutputDistance(double largest, double scale) {
  /**
   * @param found by image
   * @param reference likewise
   */
  static OutputDistance of(float[][] found, float[][] reference) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (int i = 0; i < found.length; i++) {
      if (found[i].length != reference[i].length || found[i].length == 0) {
        return new OutputDistance(Double.POSITIVE_INFINITY, 1);
      }
      for (int c = 0; c < found[i].length; c++) {
        least = Math.min(least, reference[i][c]);
        most = Math.max(most, reference[i][c]);
        // Math.max hands a NaN on, which then is within no tolerance.
        difference = Math.max(difference, Math.abs(found[i][c] - reference[i][c]));
      }
    }
    // A single output has no range; its size stands in.
    double range = Math.max(most - least, Float.MIN_NORMAL);
    return new OutputDistance(
        difference, reference[0].length == 1 ? Math.max(range, Math.abs(most)) : range);
  }

  /** As a share of the scale. */
  double relative() {
    return largest / scale;
  }
}
