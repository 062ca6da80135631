package shallows.prune;

import java.util.ArrayList;
import java.util.List;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * The images that decisions are measured on: held out of training, never the test images.
 *
 * @param images to measure on
 * @param train the training images, to re-estimate batch-norm statistics from a sample of them
 */
record HeldOut(LabelledImages images, LabelledImages train, Compute compute) {
  /**
   * Measures a candidate after re-estimating its batch-norm statistics: with those of the network
   * it was cut from, even a good cut looks bad.
   */
  Measurement measure(Graph candidate) {
    return measure(candidate, List.of(candidate)).get(0);
  }

  /**
   * Measures several candidates likewise.
   *
   * @param current the network that they were made from; what they have in common with it is
   *     computed once, if its own statistics have been re-estimated
   */
  List<Measurement> measure(Graph current, List<Graph> candidates) {
    return answers(
        current,
        BatchNormStatistics.reestimate(current, candidates, train, compute, Progress.SILENT));
  }

  /** Measures a network with the statistics that it brings. */
  Measurement measureAsItStands(Graph graph) {
    return answers(graph, List.of(graph)).get(0);
  }

  private List<Measurement> answers(Graph trunk, List<Graph> graphs) {
    List<Predictions> answers =
        VariantPredictions.of(trunk, graphs, images, compute, Progress.SILENT);
    List<Measurement> measurements = new ArrayList<>();
    for (int g = 0; g < graphs.size(); g++) {
      measurements.add(
          new Measurement(
              graphs.get(g), answers.get(g).losses(images), answers.get(g).right(images)));
    }
    return measurements;
  }
}
