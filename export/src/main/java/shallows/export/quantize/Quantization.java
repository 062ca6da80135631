package shallows.export.quantize;

import shallows.model.graph.FakeQuantization;

/**
 * How the floats x of a value stand as integers q: q = round(x / scale) + zeroPoint, kept in [0,
 * 255]; so x ≈ scale·(q − zeroPoint) and zero is exact (Jacob et al. 2018, "Quantization and
 * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", equation 1). ONNX
 * files hold q as it is, TFLite files q − 128.
 *
 * @param scale positive
 * @param zeroPoint in [0, 255]
 */
public record Quantization(float scale, int zeroPoint) {
  static final int LARGEST = 255;

  /** What TFLite, whose integers have a sign, subtracts. */
  public static final int SIGNED_OFFSET = 128;

  /** Where −low / scale is within this of a half, see {@link #of}. */
  private static final double NEAR_A_HALF = 0.02;

  private static final double NUDGE = 1.001;

  public Quantization {
    if (!(scale > 0) || !Float.isFinite(scale)) {
      throw new IllegalArgumentException("scale must be positive and finite, found " + scale);
    }
    if (zeroPoint < 0 || zeroPoint > LARGEST) {
      throw new IllegalArgumentException("zeroPoint must be in [0, 255], found " + zeroPoint);
    }
  }

  /** The finest that covers {@code range} and zero. */
  static Quantization of(Range range) {
    Range covered = range.withZero();
    if (covered.width() / LARGEST < Float.MIN_NORMAL) {
      // Nothing but zeros, or as good as that: any scale represents them.
      return new Quantization(1f / LARGEST, 0);
    }
    double scale = covered.width() / LARGEST;
    double zero = -covered.low() / scale;
    if (Math.abs(zero - Math.floor(zero) - 0.5) < NEAR_A_HALF) {
      // Pixels are themselves multiples of range / 255, as far from zero as the mean of the images
      // is. A mean of a half would put all of them in the middle between two steps, where every
      // runtime rounds as it likes.
      scale *= NUDGE;
      zero = -covered.low() / scale;
    }
    return new Quantization((float) scale, (int) Math.min(LARGEST, Math.round(zero)));
  }

  /** How training simulates it. */
  FakeQuantization.Levels levels() {
    return new FakeQuantization.Levels(scale, -zeroPoint, LARGEST - zeroPoint);
  }

  /** The nearest distance from the zero point that eight bits hold. */
  public int clamped(int distance) {
    return Math.max(-zeroPoint, Math.min(LARGEST - zeroPoint, distance));
  }
}
