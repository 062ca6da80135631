package shallows.export.quantize.simulate;

/**
 * A real factor as 31 bits and a shift, as processors without floats multiply by it (Jacob et al.
 * 2018, section 2.2, and the library gemmlowp that came with it): factor ≈ multiplier·2^(shift −
 * 31), with the multiplier in [2³⁰, 2³¹).
 *
 * <p>The product is rounded twice. First to the integer nearest to n·2^left·multiplier / 2³¹, then,
 * where the shift is negative, that to the nearest multiple of 2^−shift. So what lies up to half a
 * step of the first below a half of the second becomes that half: 20.46 = 81.85 / 4 becomes 82 / 4
 * = 20.5, and then 21.
 *
 * @param multiplier 0 or in [2³⁰, 2³¹)
 * @param shift to the left; to the right where it is negative
 */
record FixedPoint(int multiplier, int shift) {
  private static final int BITS = 31;

  /** The nearest to {@code factor}, which is at least 0. */
  static FixedPoint of(double factor) {
    if (factor == 0) {
      return new FixedPoint(0, 0);
    }
    int exponent = Math.getExponent(factor) + 1;
    long rounded = (long) Math.floor(Math.scalb(factor, BITS - exponent) + 0.5);
    if (rounded == 1L << BITS) {
      rounded /= 2;
      exponent++;
    }
    return exponent < -BITS ? new FixedPoint(0, 0) : new FixedPoint((int) rounded, exponent);
  }

  /** Halves go away from zero, in both roundings. */
  int timesAway(int n) {
    return n < 0 ? -timesUp(-n) : timesUp(n);
  }

  /** Halves go to the larger neighbour, in both roundings. */
  int timesUp(int n) {
    long product = (long) (n << Math.max(0, shift)) * multiplier;
    long high = (product + (1L << (BITS - 1))) >> BITS;
    return (int) (shift < 0 ? (high + (1L << (-shift - 1))) >> -shift : high);
  }
}
