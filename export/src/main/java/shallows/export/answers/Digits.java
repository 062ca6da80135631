package shallows.export.answers;

import java.math.BigDecimal;
import java.math.MathContext;

/** Fewer digits, as there are thousands of such numbers in a file. */
final class Digits {
  private static final MathContext THREE = new MathContext(3);
  private static final double TEN_THOUSAND = 1e4;

  private Digits() {}

  /** Behind the point. */
  static double four(double value) {
    return Math.round(value * TEN_THOUSAND) / TEN_THOUSAND;
  }

  /** In all, so that of small ones something is left. */
  static double three(double value) {
    return new BigDecimal(value).round(THREE).doubleValue();
  }
}
