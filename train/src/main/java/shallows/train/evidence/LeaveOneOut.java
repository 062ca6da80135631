package shallows.train.evidence;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.hipparchus.stat.StatUtils;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.BadInputException;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Rewrites;
import shallows.model.progress.Progress;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * What the trained network loses when one block is dropped: the mean loss on held-out images
 * without the block less that with it, in nats, positive where dropping hurts. On both sides the
 * statistics of batch norm are measured anew; without that, the difference says more about stale
 * statistics than about the block.
 *
 * <p>All of it in two passes, one for the statistics and one for the losses: of each network
 * without a block, only what comes after that block is computed.
 *
 * <p>Both losses are over the same n images, so the standard error is that of paired differences
 * d_i: √(Σ (d_i − d̄)² / (n − 1) / n). It says how far another draw of images would move the
 * difference, not what another draw for batch norm or another training would.
 */
public final class LeaveOneOut {
  /**
   * Multiply-accumulates that the statistics of one network may take where it is large, and its
   * losses: at 224 pixels the statistics of a ResNet-50 come from 70 images and its losses from 64,
   * of a ResNet-18 from 140 and 137. Both sides of a difference see the same ones, and what decides
   * in the end is measured on all.
   */
  private static final long WORK = 250_000_000_000L;

  /** A network of more MACs is large. */
  private static final long LARGE = 250_000_000;

  /** So many are looked at whatever they cost. */
  private static final int FEWEST = 64;

  private LeaveOneOut() {}

  /**
   * @param mean in nats, positive where dropping the block hurts
   * @param standardError of the mean, in nats
   */
  public record Difference(double mean, double standardError) {
    static Difference of(double[] without, double[] whole) {
      int n = whole.length;
      double mean = StatUtils.meanDifference(without, whole);
      double variance = n > 1 ? StatUtils.varianceDifference(without, whole, mean) : 0;
      return new Difference(mean, Math.sqrt(variance / n));
    }
  }

  /**
   * @param train images to measure batch norm on, see {@link BatchNormStatistics}; large networks
   *     are measured on fewer
   * @param heldOut images to measure the loss on, likewise; none that was trained on
   * @param progress hears of one unit an image
   * @return the difference for each block by name, shallowest first
   * @throws BadInputException where a loss is no finite number
   */
  public static Map<String, Difference> measure(
      Graph graph,
      LabelledImages train,
      LabelledImages heldOut,
      Compute compute,
      Progress progress) {
    return measure(
        graph, graph.blocks(), BatchNormStatistics.sample(train), heldOut, compute, progress);
  }

  /**
   * Some of the blocks. What is measured of a block does not depend on which others are measured
   * with it, bit for bit: the images and the batches that they come in are those of the whole
   * network, a network without a block runs the same operations on the same values whether or not
   * what it shares with the whole one is computed once for several, and its losses are compared
   * with those of the whole one alone.
   *
   * @param blocks of the graph, in its order; neighbours share most
   * @param sample what {@link BatchNormStatistics#sample} draws of the training images; of large
   *     networks fewer are looked at
   * @return the difference for each of these blocks by name
   */
  public static Map<String, Difference> measure(
      Graph graph,
      List<Block> blocks,
      LabelledImages sample,
      LabelledImages heldOut,
      Compute compute,
      Progress progress) {
    List<Graph> graphs = new ArrayList<>(List.of(graph));
    for (Block block : blocks) {
      graphs.add(Rewrites.drop(graph, Set.of(block.name())));
    }
    LabelledImages few = affordable(graph, sample);
    LabelledImages seen = heldOut.evenly(images(Cost.of(graph).macs(), heldOut.size()));
    progress.start("leave one out", BatchNormStatistics.images(graph, few) + (long) seen.size());
    try {
      List<Graph> measured =
          BatchNormStatistics.reestimateOn(graph, graphs, few, compute, progress);
      List<Predictions> answers =
          VariantPredictions.of(measured.get(0), measured, seen, compute, progress);
      double[] whole = answers.get(0).losses(seen);
      Map<String, Difference> differences = new LinkedHashMap<>();
      for (int b = 0; b < blocks.size(); b++) {
        String name = blocks.get(b).name();
        Difference difference = Difference.of(answers.get(b + 1).losses(seen), whole);
        if (!Double.isFinite(difference.mean()) || !Double.isFinite(difference.standardError())) {
          throw new BadInputException(
              "leave-one-out of block '" + name + "'",
              "losses with and without it that are finite numbers",
              "a mean of " + difference.mean() + " nats ± " + difference.standardError(),
              "its values have grown too large; train it again at a lower learning rate");
        }
        differences.put(name, difference);
      }
      return differences;
    } finally {
      progress.finish();
    }
  }

  /**
   * The first of a sample, which is in random order: as many as {@link #WORK} allows, and what is
   * missing to a whole batch.
   */
  static LabelledImages affordable(Graph graph, LabelledImages sample) {
    int allowed = images(Cost.of(graph).macs(), sample.size());
    if (allowed == sample.size()) {
      return sample;
    }
    int batch = BatchNormStatistics.batch(graph, allowed);
    int whole = (allowed + batch - 1) / batch * batch;
    return sample.subset(IntStream.range(0, Math.min(whole, sample.size())).toArray());
  }

  /**
   * How many held-out images losses are measured on.
   *
   * @param macs of the network, for one image
   * @param heldOut images that there are
   */
  public static int images(long macs, int heldOut) {
    return macs <= LARGE ? heldOut : (int) Math.min(heldOut, Math.max(FEWEST, WORK / macs));
  }
}
