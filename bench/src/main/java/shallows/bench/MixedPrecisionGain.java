package shallows.bench;

import java.util.Locale;
import shallows.model.graph.Graph;
import shallows.model.network.Networks;
import shallows.train.options.Batching;
import shallows.train.options.MixedPrecision;

/**
 * How much faster is a training step whose values and convolutions are bfloat16? Steps in floats
 * and mixed ones take turns on the same network, every block on. It says nothing about accuracy:
 * the images are noise.
 */
public final class MixedPrecisionGain {
  private static final int WARM_UP = 5;

  private MixedPrecisionGain() {}

  /**
   * @param arguments network, images a step, pairs of steps, side of the image, threads (0 for
   *     all); each may be left out from the right
   */
  public static void main(String[] arguments) {
    String network = Arguments.text(arguments, 0, "resnet-20");
    int batch = Arguments.number(arguments, 1, 64);
    int pairs = Arguments.number(arguments, 2, 50);
    int side = Arguments.number(arguments, 3, 32);
    int threads = Arguments.number(arguments, 4, 0);
    Graph graph = Networks.create(network, NoiseTraining.image(side), NoiseTraining.task(), 1);
    Batching parts = Batching.inParts(batch);
    double[] floats = new double[pairs];
    double[] mixed = new double[pairs];
    double[] ratios = new double[pairs];
    try (NoiseTraining ofFloats = new NoiseTraining(graph, parts, threads);
        NoiseTraining ofBoth =
            new NoiseTraining(graph, parts.withMixedPrecision(MixedPrecision.BF16), threads)) {
      for (int pair = -WARM_UP; pair < pairs; pair++) {
        double first = batch / ofFloats.step(null);
        double second = batch / ofBoth.step(null);
        if (pair >= 0) {
          floats[pair] = first;
          mixed[pair] = second;
          ratios[pair] = second / first;
        }
      }
    }
    System.out.printf(
        Locale.ROOT, "%s, batch %d of 1x%dx%d, %d pairs%n", network, batch, side, side, pairs);
    System.out.println("                          median     10 %     90 %");
    row("floats, images/s", Spread.of(floats));
    row("bf16, images/s", Spread.of(mixed));
    row("ratio of a pair", Spread.of(ratios));
  }

  private static void row(String name, Spread spread) {
    System.out.printf(
        Locale.ROOT,
        "%-22s %9.2f %8.2f %8.2f%n",
        name,
        spread.median(),
        spread.low(),
        spread.high());
  }
}
