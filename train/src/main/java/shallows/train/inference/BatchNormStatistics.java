package shallows.train.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.graph.Tensor;
import shallows.model.progress.Progress;
import shallows.train.engine.Randomness;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/**
 * Measures the mean and variance of every batch norm anew. Dropping a block changes what the batch
 * norms behind it see; with their old statistics a network looks far worse than it is.
 *
 * <p>The graph runs as it stands, each branch scaled by its factor, over batches of B images, each
 * normalized with its own statistics. The stored mean becomes the mean over the batches of their
 * means, the stored variance the mean of their unbiased variances (SWA's {@code update_bn},
 * Izmailov et al. 2018, section 3.2). Where B has to be smaller, as large images take much memory,
 * it is the unbiased variance of all images together instead, of the batches' variances and of that
 * of their means, as a large batch has it. The same images give the same statistics, bit for bit;
 * it is done twice with the same result as once.
 */
public final class BatchNormStatistics {
  /** B: variances of a batch this large differ little from those of the set. */
  private static final int BATCH = 250;

  /**
   * Bytes that one value of a batch may take: batches of large images are smaller. Each thread has
   * half a dozen of them, in front of and behind the layers of a block.
   */
  private static final long LARGEST_VALUE = 32L << 20;

  /** More change the statistics less than another draw of as many would. */
  private static final int SAMPLE = 1000;

  /** Of the draw, so that all graphs are measured on the same images. */
  private static final long SEED = 0;

  private BatchNormStatistics() {}

  /**
   * @param train training images; at most 1,000 of them are used, drawn at random (a set may be
   *     sorted by class, and a batch of one class has a variance of its own) and always the same. A
   *     last part of a batch is left out
   * @return the graph with the new statistics and nothing else changed
   */
  public static Graph reestimate(Graph graph, LabelledImages train, Compute compute) {
    return reestimate(graph, List.of(graph), train, compute, Progress.SILENT).get(0);
  }

  /**
   * The same for several graphs at a time, bit for bit.
   *
   * @param trunk what they have in common with this graph is computed once
   * @param progress hears of {@link #images} units
   */
  public static List<Graph> reestimate(
      Graph trunk, List<Graph> graphs, LabelledImages train, Compute compute, Progress progress) {
    return reestimateOn(trunk, graphs, sample(train), compute, progress);
  }

  /**
   * The same, bit for bit, where somebody has drawn the images already.
   *
   * @param images what {@link #sample} gave
   */
  public static List<Graph> reestimateOn(
      Graph trunk, List<Graph> graphs, LabelledImages images, Compute compute, Progress progress) {
    return reestimateOn(trunk, graphs, images, batch(trunk, images.size()), compute, progress);
  }

  /**
   * @param batch B
   */
  static List<Graph> reestimateOn(
      Graph trunk,
      List<Graph> graphs,
      LabelledImages images,
      int batch,
      Compute compute,
      Progress progress) {
    try (TorchEvaluation evaluation = new TorchEvaluation(trunk, graphs, compute)) {
      List<Map<String, Tensor>> statistics =
          evaluation.statistics(
              new NormalizedPixels(images, trunk.task()),
              images.size() / batch,
              batch,
              batch < Math.min(BATCH, images.size()),
              count -> progress.advance(count, ""));
      List<Graph> measured = new ArrayList<>();
      for (int g = 0; g < graphs.size(); g++) {
        measured.add(graphs.get(g).withParameters(statistics.get(g)));
      }
      return measured;
    }
  }

  /** How many of the training images are looked at. */
  public static int images(Graph trunk, LabelledImages train) {
    int size = Math.min(SAMPLE, train.size());
    int batch = batch(trunk, size);
    return size / batch * batch;
  }

  /** B, where there are so many images. */
  public static int batch(Graph trunk, int images) {
    return TorchEvaluation.imagesAtOnce(trunk, Math.min(BATCH, images), LARGEST_VALUE);
  }

  /** The training images that are looked at, in the order in which batches are made of them. */
  public static LabelledImages sample(LabelledImages train) {
    int[] order = Randomness.order(train.size(), SEED, 0);
    return train.subset(Arrays.copyOf(order, Math.min(SAMPLE, order.length)));
  }
}
