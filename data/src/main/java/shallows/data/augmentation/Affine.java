package shallows.data.augmentation;

/**
 * An affine move of an image, by the nearest pixel and black where the image has none. The middle
 * of pixel (x, y) of the result lies at
 *
 * <pre>
 *   (a·x + b·y + c, d·x + e·y + f)
 * </pre>
 *
 * of the image, both counted from the upper left corner. The numbers are rounded to 16 bits behind
 * the point and added up, as Pillow does, so every machine picks the same pixels.
 */
public record Affine(double a, double b, double c, double d, double e, double f) {
  private static final int POINT = 16;

  /** Row y moves by {@code amount · y} to the left. */
  static Affine shearX(double amount) {
    return new Affine(1, amount, 0, 0, 1, 0);
  }

  /** Column x moves by {@code amount · x} upwards. */
  static Affine shearY(double amount) {
    return new Affine(1, 0, 0, amount, 1, 0);
  }

  /** Moves to the right and down, in pixels. */
  public static Affine translate(int right, int down) {
    return new Affine(1, 0, -right, 0, 1, -down);
  }

  /** Mirrors left to right, within a width in pixels, and then moves. */
  public static Affine mirror(int width, int right, int down) {
    return new Affine(-1, 0, width + right, 0, 1, -down);
  }

  /** Turns counter-clockwise around the middle. */
  static Affine rotate(double degrees, int height, int width) {
    // StrictMath, as others may differ in a last bit.
    double cos = StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = StrictMath.sin(StrictMath.toRadians(degrees));
    double x = width / 2.0;
    double y = height / 2.0;
    return new Affine(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y);
  }

  public Raster of(Raster image) {
    int channels = image.channels();
    byte[] result = new byte[image.pixels().length];
    int right = fixed(a);
    int down = fixed(d);
    int rowX = fixed(c + a / 2 + b / 2);
    int rowY = fixed(f + d / 2 + e / 2);
    int out = 0;
    for (int y = 0; y < image.height(); y++) {
      int atX = rowX;
      int atY = rowY;
      for (int x = 0; x < image.width(); x++) {
        int column = atX >> POINT;
        int row = atY >> POINT;
        if (column >= 0 && column < image.width() && row >= 0 && row < image.height()) {
          int in = (row * image.width() + column) * channels;
          System.arraycopy(image.pixels(), in, result, out, channels);
        }
        out += channels;
        atX += right;
        atY += down;
      }
      rowX += fixed(b);
      rowY += fixed(e);
    }
    return image.with(result);
  }

  private static int fixed(double value) {
    return (int) Math.floor(value * (1 << POINT) + 0.5);
  }
}
