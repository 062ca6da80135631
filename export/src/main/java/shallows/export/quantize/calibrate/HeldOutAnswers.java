package shallows.export.quantize.calibrate;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.export.runtime.OnnxRuntimeClassifier;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;

/**
 * What forms of a network answer to the images that decide between them.
 *
 * @param network for its task and its size
 */
record HeldOutAnswers(Graph network, LabelledImages images) {
  private static final int BATCH = 8;

  /** On a session; the batches are what is shared among processors. */
  private static final int THREADS = 1;

  /** Weights of networks of which several are open at once: 16 MB of floats. */
  private static final long LARGEST_AT_ONCE = 4L << 20;

  /**
   * @param model an ONNX file
   */
  Predictions of(byte[] model) {
    try (OnnxRuntimeClassifier classifier =
        OnnxRuntimeClassifier.open(model, network.name(), THREADS)) {
      List<float[][]> scores =
          new ImageBatches(images, network.task(), BATCH)
              .map((from, pixels, count) -> classifier.logits(pixels, count));
      return new Predictions(scores.stream().flatMap(Arrays::stream).toArray(float[][]::new));
    }
  }

  /** Of large networks one after the other: each is in memory several times while it is opened. */
  <T> Stream<T> atOnce(Stream<T> forms) {
    long weights = network.parameters().values().stream().mapToLong(Tensor::size).sum();
    return weights <= LARGEST_AT_ONCE ? forms.parallel() : forms;
  }
}
