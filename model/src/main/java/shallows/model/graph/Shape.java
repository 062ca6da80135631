package shallows.model.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The extent of a tensor along each axis. For the values that flow through a graph the batch axis
 * is left out: an image is {@code (C, H, W)}, a feature vector {@code (F)}. For parameters all axes
 * count: a convolution's weight is {@code (O, I / groups, H, W)}.
 *
 * @param dimensions each at least 1; an empty list is a scalar
 */
public record Shape(List<Integer> dimensions) {
  public Shape {
    dimensions = List.copyOf(dimensions);
    long size = 1;
    for (int dimension : dimensions) {
      if (dimension < 1) {
        throw new IllegalArgumentException(
            "a dimension must be at least 1, found " + dimension + " in " + dimensions);
      }
      size *= dimension;
      // 2^31 floats are 8 GB: no tensor of ours, and as an int it would overflow.
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("a tensor of shape " + dimensions + " is too large");
      }
    }
  }

  public static Shape of(int... dimensions) {
    return new Shape(Arrays.stream(dimensions).boxed().toList());
  }

  public int rank() {
    return dimensions.size();
  }

  public int dimension(int axis) {
    return dimensions.get(axis);
  }

  /** The number of elements; 1 for a scalar. */
  public int size() {
    int size = 1;
    for (int dimension : dimensions) {
      size *= dimension;
    }
    return size;
  }

  /** The same extents behind a batch axis of {@code count}. */
  public Shape withBatch(int count) {
    int[] all = new int[rank() + 1];
    all[0] = count;
    for (int i = 0; i < rank(); i++) {
      all[i + 1] = dimension(i);
    }
    return of(all);
  }

  /** For example {@code (64, 8, 8)}. */
  @Override
  public String toString() {
    return dimensions.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }
}
