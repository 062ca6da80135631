package shallows.data.augmentation;

import java.util.random.RandomGenerator;

/**
 * One change of the 14 to each image, every one as likely, at one of 31 strengths, every one as
 * likely (Müller and Hutter 2021, "TrivialAugment: tuning-free yet state-of-the-art data
 * augmentation"), in its wide space. There is nothing to tune. With t = 0, 1/30, … 1:
 *
 * <pre>
 *   identity, auto contrast, equalize   have no strength
 *   shear x, y        ±0.99·t           brightness, saturation, contrast, sharpness: 1 ± 0.99·t
 *   translate x, y    ±32·t pixels      posterize   8 − 6·t bits, rounded
 *   rotate            ±135·t degrees    solarize    from level 255·(1 − t) on
 * </pre>
 *
 * Where there is a ±, both are as likely. The 32 pixels are those of the paper whatever the size of
 * the image, cut to whole ones; of an image of 28 pixels the farthest leave nothing.
 */
public final class TrivialAugment {
  static final int STRENGTHS = 31;
  private static final double LARGEST_FACTOR = 0.99;
  private static final int LARGEST_SHIFT = 32;
  private static final double LARGEST_TURN = 135;
  private static final int BITS = 8;
  private static final int BITS_TAKEN = 6;
  private static final double LARGEST_LEVEL = 255;
  private static final Change[] CHANGES = Change.values();

  private TrivialAugment() {}

  /** What it does to an image. */
  enum Change {
    IDENTITY,
    SHEAR_X,
    SHEAR_Y,
    TRANSLATE_X,
    TRANSLATE_Y,
    ROTATE,
    BRIGHTNESS,
    SATURATION,
    CONTRAST,
    SHARPNESS,
    POSTERIZE,
    SOLARIZE,
    AUTO_CONTRAST,
    EQUALIZE;

    /**
     * @param strength from 0 to 30
     * @param sign 1 or -1
     */
    Raster of(Raster image, int strength, int sign) {
      double factor = sign * upTo(LARGEST_FACTOR, strength);
      int shift = sign * (int) upTo(LARGEST_SHIFT, strength);
      return switch (this) {
        case IDENTITY -> image;
        case SHEAR_X -> Affine.shearX(factor).of(image);
        case SHEAR_Y -> Affine.shearY(factor).of(image);
        case TRANSLATE_X -> Affine.translate(shift, 0).of(image);
        case TRANSLATE_Y -> Affine.translate(0, shift).of(image);
        case ROTATE ->
            Affine.rotate(sign * upTo(LARGEST_TURN, strength), image.height(), image.width())
                .of(image);
        case BRIGHTNESS -> Tones.brightness(image, 1 + factor);
        case SATURATION -> Tones.saturation(image, 1 + factor);
        case CONTRAST -> Tones.contrast(image, 1 + factor);
        case SHARPNESS -> Tones.sharpness(image, 1 + factor);
        case POSTERIZE -> Tones.posterize(image, BITS - Math.round(upTo(BITS_TAKEN, strength)));
        case SOLARIZE -> Tones.solarize(image, LARGEST_LEVEL - upTo(LARGEST_LEVEL, strength));
        case AUTO_CONTRAST -> Tones.autoContrast(image);
        case EQUALIZE -> Tones.equalize(image);
      };
    }

    /** One of {@value #STRENGTHS} floats from 0 to the largest, as torch.linspace rounds them. */
    private static float upTo(double largest, int strength) {
      float step = (float) largest / (STRENGTHS - 1);
      return strength < STRENGTHS / 2
          ? step * strength
          : (float) largest - step * (STRENGTHS - 1 - strength);
    }
  }

  /**
   * @param random gives three numbers, whatever they mean
   */
  public static Raster of(Raster image, RandomGenerator random) {
    Change change = CHANGES[random.nextInt(CHANGES.length)];
    int strength = random.nextInt(STRENGTHS);
    return change.of(image, strength, random.nextBoolean() ? 1 : -1);
  }
}
