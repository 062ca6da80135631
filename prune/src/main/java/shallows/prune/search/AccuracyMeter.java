package shallows.prune.search;

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
 * Measures networks on one part of the images: those that cuts are chosen by, or those that confirm
 * them. Never the test images.
 *
 * @param images to measure on
 * @param train the training images, to re-estimate batch-norm statistics from a sample of them
 */
public record AccuracyMeter(LabelledImages images, LabelledImages train, Compute compute) {
  /** Fewer say little, however few are held out. */
  private static final int LEAST = 1000;

  /** Of the draw, so that the same images choose whenever a run is pruned. */
  private static final long SEED = 0;

  /**
   * The images that cuts are chosen by: some of the training images, as many as are held out, at
   * least 1,000 where there are so many. What a block is worth beside the others shows on images
   * that the network was trained on too; how much accuracy a network has lost does not, so that is
   * left to images that nothing was chosen by ({@link Confirmation}).
   */
  public static AccuracyMeter choosing(
      LabelledImages train, LabelledImages heldOut, Compute compute) {
    int count = Math.max(heldOut.size(), LEAST);
    LabelledImages images =
        count < train.size() ? train.split((double) count / train.size(), SEED).heldOut() : train;
    return new AccuracyMeter(images, train, compute);
  }

  /**
   * Measures a candidate after re-estimating its batch-norm statistics: with those of the network
   * it was cut from, even a good cut looks bad.
   */
  public MeasuredNetwork measure(Graph candidate) {
    return measure(candidate, List.of(candidate)).get(0);
  }

  /**
   * Measures several candidates likewise.
   *
   * @param current the network that they were made from; what they have in common with it is
   *     computed once, if its own statistics have been re-estimated
   */
  public List<MeasuredNetwork> measure(Graph current, List<Graph> candidates) {
    return answers(
        current,
        BatchNormStatistics.reestimate(current, candidates, train, compute, Progress.SILENT));
  }

  /** Measures a network with the statistics that it brings. */
  public MeasuredNetwork measureAsItStands(Graph graph) {
    return answers(graph, List.of(graph)).get(0);
  }

  private List<MeasuredNetwork> answers(Graph trunk, List<Graph> graphs) {
    List<Predictions> answers =
        VariantPredictions.of(trunk, graphs, images, compute, Progress.SILENT);
    List<MeasuredNetwork> measurements = new ArrayList<>();
    for (int g = 0; g < graphs.size(); g++) {
      measurements.add(
          new MeasuredNetwork(
              graphs.get(g), answers.get(g).losses(images), answers.get(g).right(images)));
    }
    return measurements;
  }
}
