package shallows.export.runtime;

import java.nio.file.Path;
import shallows.data.evaluation.Classifier;
import shallows.model.BadInputException;
import shallows.model.graph.Shape;

/** A file in a runtime. */
public interface RuntimeClassifier extends Classifier {
  /**
   * TFLite runs one image at a time here, whose operations are too small to share; and its threads
   * spin while they wait, which on a busy machine takes a hundred times as long.
   */
  int TFLITE_THREADS = 1;

  /**
   * A file in the runtime of its kind.
   *
   * @param threads for one operation in ONNX Runtime, at least 1; TFLite has {@link
   *     #TFLITE_THREADS}
   * @throws BadInputException naming the file, when it is no model of one image and its logits
   */
  static RuntimeClassifier open(Path file, int threads) {
    return ModelFile.isOnnx(file)
        ? OnnxRuntimeClassifier.open(file, threads)
        : TfliteClassifier.open(file, TFLITE_THREADS);
  }

  /** Name and version of the runtime, for example {@code "ONNX Runtime 1.29.0"}. */
  String runtime();

  /** The image that goes in, {@code (C, H, W)} whatever the file's own layout. */
  Shape image();

  /** The number of logits that come out. */
  int classes();
}
