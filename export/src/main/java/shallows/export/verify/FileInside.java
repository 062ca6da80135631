package shallows.export.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import shallows.export.runtime.FileValues;
import shallows.model.graph.Shape;

/**
 * What a file computes of one image, value by value.
 *
 * @param operations that compute them, by name, in the order of the file; of those with numbers
 * @param sources what each value is computed from, likewise; also of those without
 * @param values their numbers
 */
public record FileInside(
    Map<String, String> operations,
    Map<String, List<String>> sources,
    Map<String, float[]> values) {

  /**
   * Runs a file.
   *
   * @param image {@code (C, H, W)}
   * @param pixels {@code (1, H, W, C)}, normalized
   * @throws shallows.model.BadInputException when its runtime refuses it
   */
  public static FileInside of(Path file, Shape image, float[] pixels) {
    Map<String, String> operations = FileValues.operations(file);
    try (FileValues values = FileValues.open(file, image, operations.keySet())) {
      return new FileInside(operations, FileValues.sources(file), values.run(pixels));
    }
  }

  /** Whether some of its numbers are not floats, or are made of such. */
  boolean rounds() {
    return operations.values().stream()
        .anyMatch(operation -> operation.toUpperCase(Locale.ROOT).contains("QUANTIZE"));
  }
}
