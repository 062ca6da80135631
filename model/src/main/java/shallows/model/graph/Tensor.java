package shallows.model.graph;

/**
 * A dense tensor of 32-bit floats in row-major order.
 *
 * <p>The array is shared, not copied, since networks hold millions of weights: whoever makes a
 * tensor gives its array away, and nobody writes to the array of a tensor.
 */
public final class Tensor {
  private final Shape shape;
  private final float[] values;

  /**
   * @param shape all axes, the batch axis included where there is one
   * @param values as many as the shape has elements; given away
   */
  public Tensor(Shape shape, float[] values) {
    if (shape.size() != values.length) {
      throw new IllegalArgumentException(
          "a tensor of shape "
              + shape
              + " holds "
              + shape.size()
              + " values, found "
              + values.length);
    }
    this.shape = shape;
    this.values = values;
  }

  /** A tensor of one axis. */
  public static Tensor vector(float... values) {
    return new Tensor(Shape.of(values.length), values);
  }

  public Shape shape() {
    return shape;
  }

  /** The elements in row-major order; not to be written to. */
  public float[] values() {
    return values;
  }

  public int size() {
    return values.length;
  }

  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
