package shallows.export.runtime;

import java.nio.file.Path;
import shallows.data.evaluation.Classifier;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/** A file in a runtime. */
public interface RuntimeClassifier extends Classifier {
  /**
   * A file in the runtime of its kind.
   *
   * @param threads for one operation, at least 1
   * @throws BadInputException naming the file, when it is no model of one image and its logits
   */
  static RuntimeClassifier open(Path file, int threads) {
    return ModelFile.isOnnx(file)
        ? OnnxRuntimeClassifier.open(file, threads)
        : TfliteClassifier.open(file, threads);
  }

  /** Name and version of the runtime, for example {@code "ONNX Runtime 1.29.0"}. */
  String runtime();

  /** The image that goes in, {@code (C, H, W)} whatever the file's own layout. */
  Shape image();

  /** The number of logits that come out. */
  int classes();
}
