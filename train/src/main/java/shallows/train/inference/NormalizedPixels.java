package shallows.train.inference;

import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.data.Normalization;
import shallows.data.PixelOrder;
import shallows.model.graph.Task;
import shallows.train.engine.TorchEvaluation;

/**
 * Images as a network wants them, made when they are asked for: as floats they take four times the
 * memory.
 */
record NormalizedPixels(LabelledImages images, Normalization normalization)
    implements TorchEvaluation.Pixels {
  NormalizedPixels(LabelledImages images, Task task) {
    this(images, new Normalization(task.mean(), task.deviation()));
  }

  @Override
  public float[] load(int from, int to) {
    float[] pixels = new float[(to - from) * images.imageBytes()];
    images.fill(
        IntStream.range(from, to).toArray(), normalization, PixelOrder.CHANNELS_LAST, pixels);
    return pixels;
  }
}
