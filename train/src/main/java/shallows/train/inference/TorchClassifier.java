package shallows.train.inference;

import shallows.data.evaluation.Classifier;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/**
 * A graph as a classifier on DJL: the fast way to ask a graph about many images. A few hundred
 * images at a time are best.
 */
public final class TorchClassifier implements Classifier {
  private final TorchEvaluation evaluation;

  public TorchClassifier(Graph graph, Compute compute) {
    this(graph, FakeQuantization.NONE, compute);
  }

  /** A graph that rounds on the way. */
  public TorchClassifier(Graph graph, FakeQuantization quantization, Compute compute) {
    evaluation = new TorchEvaluation(graph, quantization, compute);
  }

  @Override
  public float[][] logits(float[] images, int count) {
    return evaluation.logits(images, count);
  }

  @Override
  public void close() {
    evaluation.close();
  }
}
