package shallows.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import shallows.model.graph.Block;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.model.network.Networks;
import shallows.model.network.SurvivalSchedule;
import shallows.train.options.Batching;

/**
 * Does a block that is off cost nothing? Training steps with every block on and steps with
 * stochastic depth (linear decay, p_L = 0.5) take turns on the same network, and the ratio of their
 * times stands beside the share of multiply-accumulates that the masks left on.
 *
 * <pre>
 *   share of a mask = (MACs − Σ_{b off} MACs of branch b) / MACs
 * </pre>
 *
 * A ratio above the share is what a step costs besides convolutions: batch norms, sums and ReLUs of
 * the trunk, the optimizer, the loss. It says nothing about accuracy: the images are noise.
 */
public final class StochasticDepth {
  private static final int WARM_UP = 10;

  private StochasticDepth() {}

  /**
   * @param arguments network, images a step, pairs of steps, side of the image, threads (0 for
   *     all); each may be left out from the right
   */
  public static void main(String[] arguments) {
    String network = Arguments.text(arguments, 0, "resnet-32-s2");
    int batch = Arguments.number(arguments, 1, 64);
    int pairs = Arguments.number(arguments, 2, 200);
    int side = Arguments.number(arguments, 3, 28);
    int threads = Arguments.number(arguments, 4, 0);
    Graph graph =
        SurvivalSchedule.parse("linear:0.5")
            .applyTo(Networks.create(network, NoiseTraining.image(side), NoiseTraining.task(), 1));
    Random random = new Random(1);
    double[] full = new double[pairs];
    double[] stochastic = new double[pairs];
    double[] shares = new double[pairs];
    boolean[] all = NoiseTraining.all(graph);
    try (NoiseTraining training = new NoiseTraining(graph, Batching.inParts(batch), threads)) {
      for (int pair = -WARM_UP; pair < pairs; pair++) {
        boolean[] some = gates(graph, random);
        double fullTime = 1000 * training.step(all);
        double stochasticTime = 1000 * training.step(some);
        if (pair >= 0) {
          full[pair] = fullTime;
          stochastic[pair] = stochasticTime;
          shares[pair] = share(graph, some);
        }
      }
    }
    print(network, batch, side, full, stochastic, shares, expectedShare(graph));
  }

  private static boolean[] gates(Graph graph, Random random) {
    boolean[] on = new boolean[graph.blocks().size()];
    for (int b = 0; b < on.length; b++) {
      on[b] = random.nextDouble() < graph.survival(graph.blocks().get(b));
    }
    return on;
  }

  private static double share(Graph graph, boolean[] on) {
    long saved = 0;
    for (int b = 0; b < on.length; b++) {
      saved += on[b] ? 0 : Cost.of(graph, graph.blocks().get(b)).macs();
    }
    return 1 - (double) saved / Cost.of(graph).macs();
  }

  private static double expectedShare(Graph graph) {
    double saved = 0;
    for (Block block : graph.blocks()) {
      saved += (1 - graph.survival(block)) * Cost.of(graph, block).macs();
    }
    return 1 - saved / Cost.of(graph).macs();
  }

  private static void print(
      String network,
      int batch,
      int side,
      double[] full,
      double[] stochastic,
      double[] shares,
      double expected) {
    double[] ratios = new double[full.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = stochastic[i] / full[i];
    }
    System.out.printf(
        Locale.ROOT,
        "%s, batch %d of 1x%dx%d, %d pairs of steps%n%n",
        network,
        batch,
        side,
        side,
        full.length);
    System.out.println("                                  median     10 %     90 %");
    row("step with every block on, ms", Spread.of(full));
    row("step with stochastic depth, ms", Spread.of(stochastic));
    row("ratio of a pair", Spread.of(ratios));
    row("share of MACs on in its mask", Spread.of(shares));
    double mean = Arrays.stream(stochastic).sum() / Arrays.stream(full).sum();
    System.out.printf(
        Locale.ROOT,
        "%nratio of the sums %.3f; expected share of MACs %.3f; ratio / share %.3f (of medians"
            + " %.3f)%n",
        mean,
        expected,
        mean / Arrays.stream(shares).average().orElseThrow(),
        Spread.of(ratios).median() / Spread.of(shares).median());
  }

  private static void row(String name, Spread spread) {
    System.out.printf(
        Locale.ROOT,
        "%-30s %9.3f %8.3f %8.3f%n",
        name,
        spread.median(),
        spread.low(),
        spread.high());
  }
}
