package shallows.model.graph;

/**
 * Where the pixels of an image of another size come from. Along an axis of extent n that becomes m,
 * pixel i is taken at a position x between 0 and n − 1.
 */
public enum Resampling {
  /** The pixel at ⌊i·n/m⌋, as PyTorch's {@code nearest}. */
  NEAREST,
  /** Between two pixels, x = (i + ½)·n/m − ½: pixels are areas. */
  LINEAR_HALF_PIXEL,
  /** Between two pixels, x = i·(n − 1)/(m − 1): corners stay corners. */
  LINEAR_ALIGNED,
  /** Between two pixels, x = i·n/m. */
  LINEAR_ASYMMETRIC;

  /**
   * What pixel {@code i} takes: the pixel {@code first}, and of the next one a share.
   *
   * @param share of the next pixel in [0, 1), 0 where there is none
   */
  public record Source(int first, float share) {}

  /** Of pixel {@code i} of {@code to}, from {@code from} pixels. */
  public Source source(int i, int from, int to) {
    if (this == NEAREST) {
      return new Source((int) Math.min(from - 1L, (long) i * from / to), 0);
    }
    double scale = (double) from / to;
    double x =
        switch (this) {
          case LINEAR_ALIGNED -> to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
          case LINEAR_HALF_PIXEL -> (i + 0.5) * scale - 0.5;
          default -> i * scale;
        };
    double inside = Math.max(0, Math.min(from - 1, x));
    int first = (int) Math.floor(inside);
    return new Source(first, (float) (inside - first));
  }

  /** The same as a matrix {@code (to, from)}: each row has the shares of the old pixels. */
  public Tensor matrix(int from, int to) {
    float[] matrix = new float[to * from];
    for (int i = 0; i < to; i++) {
      Source source = source(i, from, to);
      matrix[i * from + source.first()] = 1 - source.share();
      if (source.share() > 0) {
        matrix[i * from + source.first() + 1] = source.share();
      }
    }
    return new Tensor(Shape.of(to, from), matrix);
  }
}
