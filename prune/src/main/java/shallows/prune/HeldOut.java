package shallows.prune;

import shallows.model.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.BatchNormStatistics;
import shallows.train.Compute;
import shallows.train.TorchClassifier;

/**
 * The images that decisions are measured on: held out of training, never the test images.
 *
 * @param images to measure on
 * @param train the training images, to re-estimate batch-norm statistics from a sample of them
 */
record HeldOut(LabelledImages images, LabelledImages train, Compute compute) {
  /** Enough to predict quickly, little enough for the intermediates to stay in cache. */
  private static final int BATCH = 128;

  /**
   * Measures a candidate after re-estimating its batch-norm statistics: with those of the network
   * it was cut from, even a good cut looks bad.
   */
  Measurement measure(Graph candidate) {
    return measureAsItStands(BatchNormStatistics.reestimate(candidate, train, compute));
  }

  /** Measures a network with the statistics that it brings. */
  Measurement measureAsItStands(Graph graph) {
    try (TorchClassifier classifier = new TorchClassifier(graph, compute)) {
      Predictions predictions =
          Predictions.of(classifier, images, graph.task(), BATCH, Progress.SILENT);
      return new Measurement(graph, predictions.losses(images), predictions.accuracy(images));
    }
  }
}
