package shallows.pipeline.stage;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import shallows.model.graph.Block;
import shallows.model.graph.Graph;
import shallows.prune.plan.Decision;
import shallows.prune.search.AccuracyMeter;
import shallows.prune.search.BlockPrices;
import shallows.prune.search.MeasuredNetwork;
import shallows.train.jobs.Job;
import shallows.train.jobs.Jobs;

/**
 * What is left of a network where one of some neighbouring blocks is cut, each alone.
 *
 * @param version of the program, with its checksum
 * @param network digits of the network
 * @param images digits of the images
 * @param blocks names, neighbours
 * @param decision that befalls them
 */
record CutsJob(
    String version, String network, String images, List<String> blocks, Decision decision)
    implements Job<CutsJob.Found> {
  private static final long serialVersionUID = 1;

  /**
   * What came of it.
   *
   * @param cuts one a block, in their order
   */
  record Found(List<Cut> cuts) {}

  /**
   * What one network answers, packed: there are many images, and of each block all of them.
   *
   * @param losses of each image, Base64 of its double, big-endian: a network without one of its
   *     blocks may give what is no number
   * @param right Base64 of {@link BitSet#toByteArray} of the images that it gets right
   */
  record Cut(String losses, String right) {
    static Cut of(MeasuredNetwork measured) {
      double[] losses = measured.losses();
      ByteBuffer doubles = ByteBuffer.allocate(losses.length * Double.BYTES);
      BitSet right = new BitSet();
      for (int i = 0; i < losses.length; i++) {
        doubles.putDouble(losses[i]);
        right.set(i, measured.right()[i]);
      }
      Base64.Encoder encoder = Base64.getEncoder();
      return new Cut(
          encoder.encodeToString(doubles.array()), encoder.encodeToString(right.toByteArray()));
    }

    BlockPrices.Answers answers() {
      Base64.Decoder decoder = Base64.getDecoder();
      DoubleBuffer doubles = ByteBuffer.wrap(decoder.decode(losses)).asDoubleBuffer();
      BitSet set = BitSet.valueOf(decoder.decode(right));
      double[] each = new double[doubles.remaining()];
      doubles.get(each);
      boolean[] all = new boolean[each.length];
      set.stream().forEach(image -> all[image] = true);
      return new BlockPrices.Answers(each, all);
    }
  }

  CutsJob {
    blocks = List.copyOf(blocks);
  }

  @Override
  public String name() {
    return "cuts-" + StageJobs.digits(version + network + images + blocks + decision);
  }

  @Override
  public Class<Found> resultType() {
    return Found.class;
  }

  @Override
  public Found run(Jobs jobs) {
    Graph graph = StageJobs.network(jobs, network);
    JobImages.Opened opened = StageJobs.images(jobs, images);
    List<Block> group = StageJobs.blocks(graph, blocks);
    AccuracyMeter meter =
        new AccuracyMeter(
            opened.measuring(), opened.estimating(), jobs.compute(), Optional.empty());
    return new Found(meter.measureCuts(graph, group, decision).stream().map(Cut::of).toList());
  }
}
