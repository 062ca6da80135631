package shallows.model.onnx.read;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import shallows.model.onnx.constant.OnnxAttributes;

/** The scales of constants of floats that a file makes of integers, by name. */
final class OnnxRoundedConstants {
  private final Map<String, Rounded> all = new HashMap<>();

  /**
   * @param axis that the scales lie along, where there are several
   */
  private record Rounded(float[] scales, int axis, boolean symmetric) {}

  void put(String name, float[] scales, int axis, boolean symmetric) {
    all.put(name, new Rounded(scales, axis, symmetric));
  }

  /** With its axes the other way round. */
  void transposed(String name, int rank, String result) {
    put(name, result, axis -> OptionalInt.of(rank - 1 - axis));
  }

  /** With its axes as a Transpose says. */
  void transposed(String name, int rank, OnnxAttributes transpose, String result) {
    long[] order = transpose.integers("perm").orElse(null);
    if (order == null) {
      transposed(name, rank, result);
    } else {
      put(
          name,
          result,
          axis -> IntStream.range(0, rank).filter(to -> order[to] == axis).findFirst());
    }
  }

  /**
   * The same numbers in their order, in another shape: an axis of several scales has to stay whole.
   */
  void reshaped(String name, long[] extents, String result, long[] target) {
    put(
        name,
        result,
        axis ->
            IntStream.range(0, target.length)
                .filter(to -> target[to] == extents[axis])
                .filter(to -> before(target, to) == before(extents, axis))
                .findFirst());
  }

  private static long before(long[] extents, int axis) {
    return LongStream.of(extents).limit(axis).reduce(1, (a, b) -> a * b);
  }

  private void put(String name, String result, IntFunction<OptionalInt> moved) {
    Rounded known = all.get(name);
    if (known == null) {
      return;
    }
    OptionalInt axis = known.scales.length == 1 ? OptionalInt.of(0) : moved.apply(known.axis);
    axis.ifPresent(to -> put(result, known.scales, to, known.symmetric));
  }

  /** Of a weight (O, …) with one scale, or one for each output. */
  Optional<StoredIntegers.Weights> ofOutputs(String name) {
    return Optional.ofNullable(all.get(name))
        .filter(known -> known.scales.length == 1 || known.axis == 0)
        .map(known -> new StoredIntegers.Weights(known.scales, known.symmetric));
  }
}
