package shallows.bench;

import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.graph.Precision;
import shallows.model.json.OrNull;
import shallows.pipeline.stage.RunImages;
import shallows.pipeline.sweep.TrainJob;
import shallows.train.options.Compute;

/**
 * What came of one method, one share and one seed.
 *
 * @param method in words
 * @param removedPercent of the MACs that was asked for
 * @param blocks that are left
 * @param macs that are left, for one image
 * @param fullMacs of the network that was cut
 * @param parameters that are left
 * @param bytes of the weights that are left
 * @param binaryBytes of the blocks that are binary now; 0 where none is
 * @param binaryBytesBefore of the same blocks in the full network
 * @param before fine-tuning; null for a training from scratch
 * @param after fine-tuning
 * @param imagesSeen by the fine-tuning, or by the training from scratch
 * @param seconds that it took, on whatever machine and beside whatever else
 */
record Row(
    String method,
    int removedPercent,
    long seed,
    int blocks,
    long macs,
    long fullMacs,
    long parameters,
    long bytes,
    long binaryBytes,
    long binaryBytesBefore,
    @OrNull Accuracy before,
    Accuracy after,
    long imagesSeen,
    double seconds) {

  /**
   * Fractions in [0, 1].
   *
   * @param test on the test images, which decided nothing
   * @param heldOut on the held-out images
   */
  record Accuracy(double test, double heldOut) {
    static Accuracy of(Graph network, RunImages images, Compute compute) {
      return new Accuracy(
          TrainJob.accuracy(network, images.test(), compute),
          TrainJob.accuracy(network, images.heldOut(), compute));
    }
  }

  static Row of(
      RowJob job,
      Graph full,
      Accuracy before,
      Graph network,
      Accuracy after,
      long imagesSeen,
      long begin) {
    Cost cost = Cost.of(network);
    long binary = 0;
    long binaryBefore = 0;
    for (Block block : network.blocks()) {
      if (network.precision(block) == Precision.BINARY) {
        binary += Cost.of(network, block).bytes();
        binaryBefore += Cost.of(full, full.block(block.name()).orElseThrow()).bytes();
      }
    }
    return new Row(
        job.method().inWords(),
        job.removedPercent(),
        job.settings().seed(),
        network.blocks().size(),
        cost.macs(),
        Cost.of(full).macs(),
        cost.parameters(),
        cost.bytes(),
        binary,
        binaryBefore,
        before,
        after,
        imagesSeen,
        (System.nanoTime() - begin) / 1e9);
  }
}
