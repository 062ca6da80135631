package shallows.export.quantize;

/**
 * The values that eight bits shall tell apart; those outside become the nearest inside.
 *
 * @param low at most {@code high}
 * @param high finite, as is {@code low}
 */
public record Range(double low, double high) {
  public Range {
    if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
      throw new IllegalArgumentException(
          "a range goes from low to high, found " + low + " " + high);
    }
  }

  public Range union(Range other) {
    return new Range(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** Zero and what is between: padding with zeros has to be exact. */
  Range withZero() {
    return new Range(Math.min(low, 0), Math.max(high, 0));
  }

  Range times(double factor) {
    return new Range(low * factor, high * factor);
  }

  public double width() {
    return high - low;
  }
}
