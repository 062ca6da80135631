package shallows.export.verify;

/**
 * How far one value inside a file is from what the oracle computes of the same inputs.
 *
 * @param value its name
 * @param operation of the file that computes it, for example {@code "Conv"}
 * @param maxAbsDifference over all images and elements
 * @param range of the oracle's value: its largest element less its smallest
 * @param step of integers, the difference of one; 0 of floats
 */
public record LayerDifference(
    String value, String operation, double maxAbsDifference, double range, double step) {
  /**
   * What floats that are added in another order stay a hundred times below, as a share of the range
   * of a value.
   */
  public static final double TOLERANCE = 1e-4;

  /**
   * Runtimes round halves differently, so integers may be one apart; steps themselves are floats.
   */
  private static final double STEPS = 1.001;

  /** Whether it differs by more than rounding explains. */
  public boolean departs() {
    // Turned round, so that a NaN departs.
    return !(maxAbsDifference <= Math.max(STEPS * step, TOLERANCE * range));
  }
}
