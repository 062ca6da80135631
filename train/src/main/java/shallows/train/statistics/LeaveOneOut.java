package shallows.train.statistics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
import shallows.train.VariantPredictions;

/**
 * What the trained network loses when one block is dropped: the mean loss on held-out images
 * without the block less that with it, in nats, positive where dropping hurts. On both sides the
 * statistics of batch norm are measured anew; without that, the difference says more about stale
 * statistics than about the block.
 *
 * <p>All of it in two passes, one for the statistics and one for the losses: of each network
 * without a block, only what comes after that block is computed.
 */
public final class LeaveOneOut {
  private LeaveOneOut() {}

  /**
   * @param train images to measure batch norm on, see {@link BatchNormStatistics}
   * @param heldOut images to measure the loss on; none that was trained on
   * @param progress hears of one unit an image
   * @return the difference for each block by name, shallowest first
   */
  public static Map<String, Double> measure(
      Graph graph,
      LabelledImages train,
      LabelledImages heldOut,
      Compute compute,
      Progress progress) {
    List<Graph> graphs = new ArrayList<>(List.of(graph));
    for (Block block : graph.blocks()) {
      graphs.add(Rewrites.drop(graph, Set.of(block.name())));
    }
    progress.start(
        "leave one out", BatchNormStatistics.images(graph, train) + (long) heldOut.size());
    try {
      List<Graph> measured =
          BatchNormStatistics.reestimate(graph, graphs, train, compute, progress);
      List<Predictions> answers =
          VariantPredictions.of(measured.get(0), measured, heldOut, compute, progress);
      double whole = answers.get(0).meanLoss(heldOut);
      Map<String, Double> differences = new LinkedHashMap<>();
      for (int b = 0; b < graph.blocks().size(); b++) {
        differences.put(graph.blocks().get(b).name(), answers.get(b + 1).meanLoss(heldOut) - whole);
      }
      return differences;
    } finally {
      progress.finish();
    }
  }
}
