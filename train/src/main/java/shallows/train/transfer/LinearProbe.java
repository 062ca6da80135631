package shallows.train.transfer;

import java.util.Arrays;
import java.util.stream.IntStream;
import shallows.data.LabelledImages;
import shallows.model.graph.Graph;
import shallows.model.progress.Progress;
import shallows.train.engine.Randomness;
import shallows.train.options.Compute;

/**
 * How well a linear classifier does on the features of a network (Alain and Bengio 2016,
 * "Understanding intermediate layers using linear classifier probes"): each half of the images is
 * classified by what was trained on the other.
 *
 * @param accuracy in [0, 1]
 * @param loss in nats
 */
public record LinearProbe(double accuracy, double loss) {
  private static final int EPOCHS = 20;

  /**
   * @param features a network whose output is a vector of features
   * @param images at least two
   */
  public static LinearProbe of(Graph features, LabelledImages images, long seed, Compute compute) {
    float[][] all;
    try (Features network = new Features(features, compute, null, Progress.SILENT)) {
      all = network.of("", images, false);
    }
    int[] order = Randomness.order(images.size(), seed, 0);
    int half = images.size() / 2;
    int[] first = Arrays.copyOf(order, half);
    int[] second = Arrays.copyOfRange(order, half, order.length);
    double[] one = measured(all, images, first, second, seed);
    double[] other = measured(all, images, second, first, seed);
    return new LinearProbe(
        (one[1] * second.length + other[1] * first.length) / order.length,
        (one[0] * second.length + other[0] * first.length) / order.length);
  }

  private static double[] measured(
      float[][] all, LabelledImages images, int[] train, int[] test, long seed) {
    int[] labels = labels(images, train);
    ClassifierEpochs epochs =
        new ClassifierEpochs(rows(all, train), labels, images.classes().size(), EPOCHS, seed);
    IntStream.range(0, EPOCHS).forEach(epochs::run);
    return epochs.regression().measured(rows(all, test), labels(images, test));
  }

  private static float[][] rows(float[][] all, int[] which) {
    return Arrays.stream(which).mapToObj(i -> all[i]).toArray(float[][]::new);
  }

  private static int[] labels(LabelledImages images, int[] which) {
    return Arrays.stream(which).map(images::label).toArray();
  }
}
