package shallows.train.inference;

import shallows.data.LabelledImages;
import shallows.model.graph.Normalization;
import shallows.model.graph.Task;
import shallows.train.engine.TorchEvaluation;

/**
 * Images as a network wants them, made when they are asked for: as floats they take four times the
 * memory.
 */
record NormalizedPixels(LabelledImages images, Normalization normalization)
    implements TorchEvaluation.Pixels {
  NormalizedPixels(LabelledImages images, Task task) {
    this(images, task.normalization());
  }

  @Override
  public float[] load(int from, int to) {
    return images.normalized(from, to, normalization);
  }
}
