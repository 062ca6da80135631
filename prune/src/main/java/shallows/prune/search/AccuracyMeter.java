package shallows.prune.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import shallows.data.LabelledImages;
import shallows.data.evaluation.Predictions;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.prune.form.PlanApplication;
import shallows.prune.plan.Decision;
import shallows.train.inference.BatchNormStatistics;
import shallows.train.inference.VariantPredictions;
import shallows.train.options.Compute;

/**
 * Measures networks on one part of the images: those that cuts are chosen by, or those that confirm
 * them. Never the test images.
 *
 * @param images to measure on
 * @param sample of the training images, to re-estimate batch-norm statistics from: {@link
 *     BatchNormStatistics#sample}
 * @param others who measure cuts; empty where that is done here
 */
public record AccuracyMeter(
    LabelledImages images, LabelledImages sample, Compute compute, Optional<BlockPrices> others) {
  /** Fewer say little, however few are held out. */
  private static final int LEAST = 1000;

  /** Of the draw, so that the same images choose whenever a run is pruned. */
  private static final long SEED = 0;

  /**
   * All of it here.
   *
   * @param train the training images, of which the sample is drawn
   */
  public AccuracyMeter(LabelledImages images, LabelledImages train, Compute compute) {
    this(images, BatchNormStatistics.sample(train), compute, Optional.empty());
  }

  /** The same with others who measure cuts. */
  public AccuracyMeter with(Optional<BlockPrices> prices) {
    return new AccuracyMeter(images, sample, compute, prices);
  }

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
        BatchNormStatistics.reestimateOn(current, candidates, sample, compute, Progress.SILENT));
  }

  /**
   * Measures what is left of a network where one of some blocks is cut, each alone. What is found
   * of a block does not depend on which others are measured with it: images, their batches and
   * every operation on them are the same, whether or not what networks share is computed once.
   *
   * @param decision that befalls the blocks
   */
  public List<MeasuredNetwork> measureCuts(Graph current, List<Block> blocks, Decision decision) {
    return measure(current, cuts(current, blocks, decision));
  }

  /**
   * The same by others, of whom only answers come: the networks have the statistics from before
   * yet, see {@link #reestimated}. Empty where it is to be done here.
   */
  Optional<List<MeasuredNetwork>> measuredElsewhere(
      Graph current, List<Block> blocks, Decision decision) {
    Optional<List<BlockPrices.Answers>> found =
        others.flatMap(prices -> prices.ofCuts(current, blocks, decision));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    List<Graph> cuts = cuts(current, blocks, decision);
    List<MeasuredNetwork> measured = new ArrayList<>();
    for (int b = 0; b < cuts.size(); b++) {
      BlockPrices.Answers answers = found.get().get(b);
      measured.add(new MeasuredNetwork(cuts.get(b), answers.losses(), answers.right()));
    }
    return Optional.of(measured);
  }

  /** One of those with the statistics that it was measured with. */
  MeasuredNetwork reestimated(Graph current, MeasuredNetwork cut) {
    Graph graph =
        BatchNormStatistics.reestimateOn(
                current, List.of(cut.graph()), sample, compute, Progress.SILENT)
            .get(0);
    return new MeasuredNetwork(graph, cut.losses(), cut.right());
  }

  private static List<Graph> cuts(Graph current, List<Block> blocks, Decision decision) {
    return blocks.stream()
        .map(block -> PlanApplication.apply(current, Map.of(block.name(), decision)))
        .toList();
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
