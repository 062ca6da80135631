package shallows.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import shallows.model.graph.Graph;
import shallows.model.network.Networks;
import shallows.train.options.Batching;

/**
 * Our side of {@link PytorchComparison}. Prints the number of parameters, then, for each line "N"
 * on standard input, does N training steps and prints the seconds they took.
 */
public final class TrainSteps {
  private TrainSteps() {}

  /**
   * @param arguments network, images a step, side of the image, threads, and {@code parts} or
   *     {@code whole}: what batch norm sees at once
   */
  public static void main(String[] arguments) throws IOException {
    int batch = Integer.parseInt(arguments[1]);
    Graph graph =
        Networks.create(
            arguments[0],
            NoiseTraining.image(Integer.parseInt(arguments[2])),
            NoiseTraining.task(),
            1);
    Batching batching =
        arguments[4].equals("whole") ? Batching.whole(batch) : Batching.inParts(batch);
    try (NoiseTraining training =
            new NoiseTraining(graph, batching, Integer.parseInt(arguments[3]));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      System.out.println(trainedParameters(graph));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        double seconds = 0;
        for (int step = Integer.parseInt(line); step > 0; step--) {
          seconds += training.step(null);
        }
        System.out.println(seconds);
      }
    }
  }

  /** Without means and variances of batch norm, which PyTorch does not count either. */
  private static long trainedParameters(Graph graph) {
    return graph.parameters().entrySet().stream()
        .filter(p -> !p.getKey().endsWith("/mean") && !p.getKey().endsWith("/variance"))
        .mapToLong(p -> p.getValue().size())
        .sum();
  }
}
