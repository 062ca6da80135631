package shallows.model.onnx.read;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

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

  void transposed(String matrix, String result) {
    Rounded known = all.get(matrix);
    if (known != null) {
      all.put(result, new Rounded(known.scales, 1 - known.axis, known.symmetric));
    }
  }

  /** The same numbers in another shape, but for the first axis. */
  void reshaped(String name, String result) {
    Rounded known = all.get(name);
    if (known != null) {
      all.put(result, known);
    }
  }

  /** Of a weight (O, …) with one scale, or one for each output. */
  Optional<StoredIntegers.Weights> ofOutputs(String name) {
    return Optional.ofNullable(all.get(name))
        .filter(known -> known.scales.length == 1 || known.axis == 0)
        .map(known -> new StoredIntegers.Weights(known.scales, known.symmetric));
  }
}
