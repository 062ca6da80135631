package shallows.pipeline.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
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
 * @param version of the program
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
   * What one network answers.
   *
   * @param losses of each image, each as the bits of a double: a network without one of its blocks
   *     may give what is no number
   * @param right the images that it gets right, by their places
   */
  record Cut(List<Long> losses, List<Integer> right) {
    static Cut of(MeasuredNetwork measured) {
      List<Integer> right = new ArrayList<>();
      for (int i = 0; i < measured.right().length; i++) {
        if (measured.right()[i]) {
          right.add(i);
        }
      }
      return new Cut(
          DoubleStream.of(measured.losses()).mapToObj(Double::doubleToLongBits).toList(), right);
    }

    BlockPrices.Answers answers() {
      boolean[] all = new boolean[losses.size()];
      right.forEach(image -> all[image] = true);
      return new BlockPrices.Answers(
          losses.stream().mapToDouble(Double::longBitsToDouble).toArray(), all);
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
    List<Block> group = blocks.stream().map(name -> graph.block(name).orElseThrow()).toList();
    AccuracyMeter meter =
        new AccuracyMeter(
            opened.measuring(), opened.estimating(), jobs.compute(), Optional.empty());
    return new Found(meter.measureCuts(graph, group, decision).stream().map(Cut::of).toList());
  }
}
