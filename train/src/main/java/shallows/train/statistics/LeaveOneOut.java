package shallows.train.statistics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import shallows.model.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.images.LabelledImages;
import shallows.model.progress.Progress;
import shallows.train.BatchNormStatistics;
import shallows.train.Compute;
import shallows.train.TorchClassifier;

/**
 * What the trained network loses when one block is dropped: the mean loss on held-out images
 * without the block less that with it, in nats, positive where dropping hurts. On both sides the
 * statistics of batch norm are measured anew; without that, the difference says more about stale
 * statistics than about the block.
 */
public final class LeaveOneOut {
  private static final int BATCH = 250;

  private LeaveOneOut() {}

  /**
   * @param train images to measure batch norm on, see {@link BatchNormStatistics}
   * @param heldOut images to measure the loss on; none that was trained on
   * @param progress hears of one unit a block
   * @return the difference for each block by name, shallowest first
   */
  public static Map<String, Double> measure(
      Graph graph,
      LabelledImages train,
      LabelledImages heldOut,
      Compute compute,
      Progress progress) {
    progress.start("leave one out", Math.max(1, graph.blocks().size()));
    try {
      double whole = loss(graph, train, heldOut, compute);
      Map<String, Double> differences = new LinkedHashMap<>();
      for (Block block : graph.blocks()) {
        Graph without = Rewrites.drop(graph, Set.of(block.name()));
        differences.put(block.name(), loss(without, train, heldOut, compute) - whole);
        progress.advance(1, block.name());
      }
      return differences;
    } finally {
      progress.finish();
    }
  }

  private static double loss(
      Graph graph, LabelledImages train, LabelledImages heldOut, Compute compute) {
    Graph measured = BatchNormStatistics.reestimate(graph, train, compute);
    try (TorchClassifier classifier = new TorchClassifier(measured, compute)) {
      return Predictions.of(classifier, heldOut, graph.task(), BATCH, Progress.SILENT)
          .meanLoss(heldOut);
    }
  }
}
