package shallows.model.graph;

import java.lang.ref.WeakReference;
import java.nio.FloatBuffer;
import java.util.function.Consumer;

/**
 * A dense tensor of 32-bit floats in row-major order.
 *
 * <p>The array is shared, not copied, since networks hold millions of weights: whoever makes a
 * tensor gives its array away, and nobody writes to the array of a tensor. The numbers of a {@link
 * #of(Shape, Source) sourced} tensor are in memory only as long as somebody uses them.
 */
public final class Tensor {
  private final Shape shape;

  /** Null where there is a source. */
  private final float[] values;

  /** Null where the numbers are here. */
  private final Source source;

  private volatile WeakReference<float[]> last = new WeakReference<>(null);

  /** Numbers that are read or computed whenever somebody asks, the same each time. */
  @FunctionalInterface
  public interface Source {
    /** All of them, in an array that is given away. */
    float[] all();

    /** All of them in order, part by part, where they need not be in memory at once. */
    default void parts(Consumer<FloatBuffer> reader) {
      reader.accept(FloatBuffer.wrap(all()));
    }
  }

  /**
   * @param shape all axes, the batch axis included where there is one
   * @param values as many as the shape has elements; given away
   */
  public Tensor(Shape shape, float[] values) {
    requireSize(shape, values);
    this.shape = shape;
    this.values = values;
    this.source = null;
  }

  private Tensor(Shape shape, Source source) {
    this.shape = shape;
    this.values = null;
    this.source = source;
  }

  /** A tensor of numbers that are not kept. */
  public static Tensor of(Shape shape, Source source) {
    return new Tensor(shape, source);
  }

  /** A tensor of one axis. */
  public static Tensor vector(float... values) {
    return new Tensor(Shape.of(values.length), values);
  }

  private static void requireSize(Shape shape, float[] values) {
    if (shape.size() != values.length) {
      throw new IllegalArgumentException(
          "a tensor of shape "
              + shape
              + " holds "
              + shape.size()
              + " values, found "
              + values.length);
    }
  }

  public Shape shape() {
    return shape;
  }

  /** Whether the numbers are not kept in memory. */
  public boolean isSourced() {
    return source != null;
  }

  /** The elements in row-major order; not to be written to. */
  public float[] values() {
    if (source == null) {
      return values;
    }
    float[] known = last.get();
    if (known == null) {
      known = source.all();
      requireSize(shape, known);
      last = new WeakReference<>(known);
    }
    return known;
  }

  /** Hands on all elements in row-major order, part by part; not to be written to. */
  public void parts(Consumer<FloatBuffer> reader) {
    float[] known = source == null ? values : last.get();
    if (known == null) {
      source.parts(reader);
    } else {
      reader.accept(FloatBuffer.wrap(known));
    }
  }

  /** The same elements along other axes. */
  public Tensor reshaped(Shape other) {
    if (other.size() != size()) {
      throw new IllegalArgumentException(
          "a tensor of shape " + shape + " cannot have shape " + other);
    }
    return source == null ? new Tensor(other, values) : new Tensor(other, source);
  }

  /** Makes an element of another one. */
  @FunctionalInterface
  public interface Mapping {
    /**
     * @param index in row-major order
     */
    float of(int index, float value);
  }

  /** A tensor of the same shape, sourced where this one is. */
  public Tensor mapped(Mapping mapping) {
    Source mapped =
        () -> {
          float[] from = values();
          float[] to = new float[from.length];
          for (int i = 0; i < to.length; i++) {
            to[i] = mapping.of(i, from[i]);
          }
          return to;
        };
    return source == null ? new Tensor(shape, mapped.all()) : new Tensor(shape, mapped);
  }

  public int size() {
    return source == null ? values.length : shape.size();
  }

  @Override
  public String toString() {
    return "Tensor" + shape;
  }
}
