package shallows.export.runtime;

import shallows.model.evaluation.Classifier;
import shallows.model.graph.Shape;

/** A file in a runtime. */
public interface RuntimeClassifier extends Classifier {
  /** Name and version of the runtime, for example {@code "ONNX Runtime 1.29.0"}. */
  String runtime();

  /** The image that goes in, {@code (C, H, W)} whatever the file's own layout. */
  Shape image();

  /** The number of logits that come out. */
  int classes();
}
