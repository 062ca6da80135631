package shallows.model.graph;

/**
 * A height and a width in pixels: of a kernel, a stride, a padding, a dilation.
 *
 * @param height along H
 * @param width along W
 */
public record Extent(int height, int width) {
  public Extent {
    if (height < 0 || width < 0) {
      throw new IllegalArgumentException(
          "height and width must not be negative, found " + height + " and " + width);
    }
  }

  public static final Extent ZERO = square(0);
  public static final Extent ONE = square(1);

  public static Extent square(int side) {
    return new Extent(side, side);
  }

  /** Whether both sides are at least one, as a kernel, a stride and a dilation want it. */
  public boolean isPositive() {
    return height > 0 && width > 0;
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
