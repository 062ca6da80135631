package shallows.prune.search;

import org.hipparchus.stat.StatUtils;
import shallows.model.graph.Graph;

/**
 * A network on the images that choose, or on those that confirm ({@link AccuracyMeter}).
 *
 * @param graph as it was measured
 * @param losses the cross-entropy of each image, in nats
 * @param right whether the network gets each of these images right
 */
public record MeasuredNetwork(Graph graph, double[] losses, boolean[] right) {
  /** In [0, 1]. */
  public double accuracy() {
    int count = 0;
    for (boolean each : right) {
      count += each ? 1 : 0;
    }
    return (double) count / right.length;
  }

  public double meanLoss() {
    return StatUtils.mean(losses);
  }

  /** The mean of this loss less another, image by image. */
  double lossAbove(MeasuredNetwork other) {
    return meanLoss() - other.meanLoss();
  }

  /**
   * The standard error of {@link #lossAbove}. Paired, since both networks saw the same images: s/√n
   * with s the standard deviation of the differences.
   */
  double standardErrorAbove(MeasuredNetwork other) {
    double variance = StatUtils.varianceDifference(losses, other.losses, lossAbove(other));
    return Math.sqrt(variance / losses.length);
  }
}
