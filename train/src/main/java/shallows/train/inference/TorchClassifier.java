package shallows.train.inference;

import shallows.data.evaluation.Classifier;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.graph.Shape;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/**
 * A graph as a classifier on DJL: the fast way to ask a graph about many images. A few hundred
 * images at a time are best.
 */
public final class TorchClassifier implements Classifier {
  private final Shape image;
  private final TorchEvaluation evaluation;

  public TorchClassifier(Graph graph, Compute compute) {
    this(graph, FakeQuantization.NONE, compute);
  }

  /** A graph that rounds on the way. */
  public TorchClassifier(Graph graph, FakeQuantization quantization, Compute compute) {
    image = graph.input().shape();
    evaluation = new TorchEvaluation(graph, quantization, compute);
  }

  @Override
  public float[][] logits(float[] images, int count) {
    return evaluation.logits(channelsLast(images, count), count);
  }

  /** {@code (N, C, H, W)} to {@code (N, H, W, C)}; with one channel they are the same. */
  private float[] channelsLast(float[] images, int count) {
    int channels = image.dimension(0);
    if (channels == 1) {
      return images;
    }
    int area = image.dimension(1) * image.dimension(2);
    float[] turned = new float[count * channels * area];
    for (int n = 0; n < count; n++) {
      int start = n * channels * area;
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < area; i++) {
          turned[start + i * channels + c] = images[start + c * area + i];
        }
      }
    }
    return turned;
  }

  @Override
  public void close() {
    evaluation.close();
  }
}
