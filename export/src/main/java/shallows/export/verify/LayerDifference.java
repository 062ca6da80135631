package shallows.export.verify;

/**
 * How far one value inside a file is from what the interpreter computes for it.
 *
 * @param value its name
 * @param operation of the file that computes it, for example {@code "Conv"}
 * @param maxAbsDifference over all images and elements
 * @param range of the interpreter's value: its largest element less its smallest
 */
public record LayerDifference(
    String value, String operation, double maxAbsDifference, double range) {
  /**
   * What floats that are added in another order stay a hundred times below, as a share of the range
   * of a value.
   */
  public static final double TOLERANCE = 1e-4;

  /** Whether it differs by more than rounding explains. */
  public boolean departs() {
    // Turned round, so that a NaN departs.
    return !(maxAbsDifference <= TOLERANCE * range);
  }
}
