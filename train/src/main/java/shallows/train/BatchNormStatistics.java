package shallows.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import shallows.model.graph.Graph;
import shallows.model.images.LabelledImages;
import shallows.model.images.Normalization;
import shallows.model.images.PixelOrder;
import shallows.train.torch.TorchEvaluation;

/**
 * Measures the mean and variance of every batch norm anew. Dropping a block changes what the batch
 * norms behind it see; with their old statistics a network looks far worse than it is.
 *
 * <p>The graph runs as it stands, each branch scaled by its factor, over batches of B images, each
 * normalized with its own statistics. The stored mean becomes the mean over the batches of their
 * means, the stored variance the mean of their unbiased variances (SWA's {@code update_bn},
 * Izmailov et al. 2018, section 3.2). The same images give the same statistics, bit for bit; it is
 * done twice with the same result as once.
 */
public final class BatchNormStatistics {
  /** B: variances of a batch this large differ little from those of the set. */
  private static final int BATCH = 250;

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
    LabelledImages images = sample(train);
    int batch = Math.min(BATCH, images.size());
    Normalization normalization = new Normalization(graph.task().mean(), graph.task().deviation());
    List<float[]> batches = new ArrayList<>();
    for (int from = 0; from + batch <= images.size(); from += batch) {
      float[] pixels = new float[batch * images.imageBytes()];
      images.fill(
          IntStream.range(from, from + batch).toArray(),
          normalization,
          PixelOrder.CHANNELS_LAST,
          pixels);
      batches.add(pixels);
    }
    try (TorchEvaluation evaluation = new TorchEvaluation(graph, compute)) {
      return graph.withParameters(evaluation.statistics(batches, batch));
    }
  }

  private static LabelledImages sample(LabelledImages train) {
    int[] order = Randomness.order(train.size(), SEED, 0);
    return train.subset(Arrays.copyOf(order, Math.min(SAMPLE, order.length)));
  }
}
