package shallows.train.inference;

import java.util.Arrays;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.train.engine.LayerSums;
import shallows.train.engine.Randomness;
import shallows.train.engine.SideBySide;
import shallows.train.engine.TorchEvaluation;
import shallows.train.options.Compute;

/** Takes a network and one that is made of it through the same images, block by block. */
public final class PairedNetworks implements AutoCloseable {
  /** More change the sums less than another draw of as many would. */
  private static final int SAMPLE = 1000;

  /** Of the draw. */
  private static final long SEED = 0;

  /** Bytes that may be held of both networks between two blocks. */
  private static final long HELD = 768L << 20;

  /** Images in a part, and bytes of its largest value; a layer's windows take several of those. */
  private static final int PART = 64;

  private static final long LARGEST_VALUE = 16L << 20;

  private final SideBySide run;

  /**
   * @param reference with its blocks
   * @param images of which the first 1,000 are used, as {@link #sample} draws them; fewer where
   *     what lies between two blocks is large
   */
  public PairedNetworks(Graph reference, LabelledImages images, Compute compute) {
    int count = count(reference, images);
    run =
        new SideBySide(
            reference,
            new NormalizedPixels(
                images.subset(IntStream.range(0, count).toArray()), reference.task()),
            count,
            TorchEvaluation.imagesAtOnce(reference, PART, LARGEST_VALUE),
            compute);
  }

  /**
   * Sums of what a layer reads and of what its network lacks.
   *
   * @param current the network beside the reference; up to where it was advanced to last, the same
   *     as then
   * @param layer a convolution of one group, or a fully connected layer, of it
   * @param compared a value of both networks, with as many channels and positions as the layer
   *     gives; what it lacks is the reference's less the current one's
   */
  public LayerMoments moments(Graph current, String layer, String compared) {
    LayerSums sums = run.sums(current, layer, compared);
    return new LayerMoments(
        sums.channels(), sums.positions(), sums.outputs(), sums.gram(), sums.cross());
  }

  /**
   * Goes on to behind a node; what no later node reads is let go.
   *
   * @param current as above; where it lacks the node, only the reference goes on
   */
  public void advance(Graph current, String node) {
    run.advance(current, node);
  }

  @Override
  public void close() {
    run.close();
  }

  /** As many images as are used at most, drawn at random and always the same. */
  public static LabelledImages sample(LabelledImages images) {
    int[] order = Randomness.order(images.size(), SEED, 0);
    return images.subset(Arrays.copyOf(order, Math.min(SAMPLE, order.length)));
  }

  /** How many images are used. */
  private static int count(Graph reference, LabelledImages images) {
    long fitting = HELD / 2 / Float.BYTES / largest(reference);
    return (int) Math.max(1, Math.min(Math.min(SAMPLE, images.size()), fitting));
  }

  /** The most numbers of one image that are needed behind the sum of a block, or at the image. */
  private static long largest(Graph graph) {
    long largest = graph.input().shape().size();
    for (Block block : graph.blocks()) {
      long live =
          Liveness.liveBehind(graph, block.sum()).stream()
              .filter(graph::hasNode)
              .mapToLong(value -> graph.shape(value).size())
              .sum();
      largest = Math.max(largest, live);
    }
    return largest;
  }
}
