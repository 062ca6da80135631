package shallows.train.inference;

import shallows.data.LabelledImages;
import shallows.data.evaluation.Classifier;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.FakeQuantization;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/**
 * A graph as a classifier on DJL: the fast way to ask a graph about many images. A few hundred
 * images at a time are best.
 */
public final class TorchClassifier implements Classifier {
  private static final int BATCH = 250;

  private final TorchEvaluation evaluation;

  public TorchClassifier(Graph graph, Compute compute) {
    this(graph, FakeQuantization.NONE, compute);
  }

  /** A graph that rounds on the way. */
  public TorchClassifier(Graph graph, FakeQuantization quantization, Compute compute) {
    evaluation = new TorchEvaluation(graph, quantization, compute);
  }

  /** What a graph says of images. */
  public static Predictions answers(Graph graph, LabelledImages images, Compute compute) {
    return answers(graph, FakeQuantization.NONE, images, compute);
  }

  /** The same of a graph that rounds on the way. */
  public static Predictions answers(
      Graph graph, FakeQuantization quantization, LabelledImages images, Compute compute) {
    try (TorchClassifier classifier = new TorchClassifier(graph, quantization, compute)) {
      return Predictions.of(classifier, images, graph.task(), BATCH, Progress.SILENT);
    }
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
