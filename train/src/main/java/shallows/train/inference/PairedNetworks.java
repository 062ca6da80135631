package shallows.train.inference;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Liveness;
import shallows.model.graph.Node;
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
  private static final long HELD = 256L << 20;

  /**
   * Behind as much of the work of a network at most, nothing is held if that makes room for more
   * images: values are largest where the network begins, and little is computed again.
   */
  private static final double AGAIN = 0.25;

  /** Images in a part, and bytes of its largest value; a layer's windows take several of those. */
  private static final int PART = 64;

  private static final long LARGEST_VALUE = 16L << 20;

  private final SideBySide run;

  /** Sums of blocks that nothing is held behind. */
  private final Set<String> computedAgain;

  /**
   * @param reference with its blocks
   * @param images of which the first 1,000 are used, as {@link #sample} draws them; fewer where
   *     what lies between two blocks is large
   */
  public PairedNetworks(Graph reference, LabelledImages images, Compute compute) {
    this(reference, images, HELD, compute);
  }

  /**
   * @param held bytes
   */
  PairedNetworks(Graph reference, LabelledImages images, long held, Compute compute) {
    int wanted = Math.min(SAMPLE, images.size());
    computedAgain = computedAgain(reference, wanted, held);
    int count = (int) Math.max(1, Math.min(wanted, fitting(reference, computedAgain, held)));
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
    return moments(run.sums(current, layer, Optional.of(compared)));
  }

  /**
   * Sums of what a layer reads, where nothing is to be lacking.
   *
   * @param current as above
   * @param layer as above; the reference need not have one that gives as many channels
   */
  public LayerMoments moments(Graph current, String layer) {
    return moments(run.sums(current, layer, Optional.empty()));
  }

  private static LayerMoments moments(LayerSums sums) {
    return new LayerMoments(
        sums.channels(), sums.positions(), sums.outputs(), sums.gram(), sums.cross());
  }

  /**
   * Goes on to behind a node; what no later node reads is let go. Where values are so large that
   * few images would fit, nothing happens at the first nodes: what comes next begins at the image.
   *
   * @param current as above; where it lacks the node, only the reference goes on
   */
  public void advance(Graph current, String node) {
    if (!computedAgain.contains(node)) {
      run.advance(current, node);
    }
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

  private static Set<String> computedAgain(Graph reference, int wanted, long held) {
    double most = AGAIN * Cost.of(reference).macs();
    Set<String> first = new HashSet<>();
    long macs = 0;
    for (Node node : reference.nodes()) {
      macs += Cost.of(reference, node).macs();
      if (macs <= most) {
        first.add(node.name());
      }
    }
    long fitting = fitting(reference, Set.of(), held);
    return fitting < wanted && fitting < fitting(reference, first, held) ? first : Set.of();
  }

  /** How many images there is room for, where so much is computed again. */
  private static long fitting(Graph reference, Set<String> computedAgain, long held) {
    return held / 2 / Float.BYTES / largest(reference, computedAgain);
  }

  /** The most numbers of one image that are needed behind the sum of a block, or at the image. */
  private static long largest(Graph graph, Set<String> computedAgain) {
    long largest = graph.input().shape().size();
    for (Block block : graph.blocks()) {
      if (!computedAgain.contains(block.sum())) {
        long live =
            Liveness.liveBehind(graph, block.sum()).stream()
                .filter(graph::hasNode)
                .mapToLong(value -> graph.shape(value).size())
                .sum();
        largest = Math.max(largest, live);
      }
    }
    return largest;
  }
}
