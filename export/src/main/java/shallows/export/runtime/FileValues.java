package shallows.export.runtime;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/**
 * A model file that also returns the values inside it. Asking for a value keeps a runtime from
 * fusing it away, so its kernels are not all those that the file runs with otherwise.
 */
public interface FileValues extends AutoCloseable {
  /**
   * The operation that computes each value of the file, by the value's name, in its order.
   *
   * @throws BadInputException when the file is no model
   */
  static Map<String, String> operations(Path file) {
    return ModelFile.isOnnx(file)
        ? OnnxFileValues.operations(file)
        : TfliteFileValues.operations(file);
  }

  /**
   * What each value is computed from, by the value's name, in the order of the file: other values,
   * also of kinds that are not returned, and the inputs of the file; no constants.
   *
   * @throws BadInputException when the file is no model
   */
  static Map<String, List<String>> sources(Path file) {
    return ModelFile.isOnnx(file) ? OnnxFileValues.sources(file) : TfliteFileValues.sources(file);
  }

  /**
   * @param image {@code (C, H, W)}
   * @param values which to return, of {@link #operations}
   * @throws BadInputException naming the file, when its runtime refuses it
   */
  static FileValues open(Path file, Shape image, Collection<String> values) {
    return ModelFile.isOnnx(file)
        ? OnnxFileValues.open(file, image, values)
        : TfliteFileValues.open(file, values);
  }

  /**
   * @param pixels of one image, {@code (1, H, W, C)}
   * @return the values by name, channels first, row-major; those that are floats, or stand for some
   */
  Map<String, float[]> run(float[] pixels);

  @Override
  void close();
}
