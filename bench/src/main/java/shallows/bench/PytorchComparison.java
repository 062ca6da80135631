package shallows.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Training steps of ours and of Python's PyTorch, on the same network, batch, optimizer (SGD with
 * Nesterov momentum and weight decay) and number of threads, in turn. Each side is a process that
 * idles while another is at work, so a busy neighbour slows all alike.
 *
 * <p>The ratio of a round is PyTorch's time over ours, both of that round.
 */
public final class PytorchComparison {
  private static final String PYTHON = System.getenv().getOrDefault("PYTHON", "/usr/bin/python3");
  private static final int WARM_UP = 5;

  private PytorchComparison() {}

  /**
   * @param arguments network (resnet-N or resnet-N-s2), images a step, rounds, steps a round, side
   *     of the image, threads; each may be left out from the right
   */
  public static void main(String[] arguments) throws IOException {
    String network = arguments.length > 0 ? arguments[0] : "resnet-20";
    int batch = Arguments.number(arguments, 1, 128);
    int rounds = Arguments.number(arguments, 2, 20);
    int steps = Arguments.number(arguments, 3, 5);
    int side = Arguments.number(arguments, 4, 32);
    int threads = Arguments.number(arguments, 5, Runtime.getRuntime().availableProcessors());
    List<String> python =
        List.of(PYTHON, script(), network, text(batch), text(side), text(threads));
    try (StepProcess parts =
            new StepProcess(
                "ours, parts of 32", ours(network, batch, side, threads, "parts"), List.of());
        StepProcess whole =
            new StepProcess(
                "ours, whole batches", ours(network, batch, side, threads, "whole"), List.of());
        StepProcess tuned = new StepProcess("PyTorch, our allocator settings", python, List.of());
        StepProcess plain = new StepProcess("PyTorch as it comes", python, settings())) {
      List<StepProcess> sides = List.of(parts, whole, tuned, plain);
      for (StepProcess each : sides) {
        if (each.parameters() != parts.parameters()) {
          throw new IllegalStateException("not the same network: " + each.parameters());
        }
        each.warmUp(WARM_UP);
      }
      for (int round = 0; round < rounds; round++) {
        for (StepProcess each : sides) {
          each.measure(steps);
        }
      }
      System.out.printf(
          Locale.ROOT,
          "%s (%d parameters), batch %d of 1x%dx%d, %d threads, %d rounds of %d steps%n%n",
          network,
          parts.parameters(),
          batch,
          side,
          side,
          threads,
          rounds,
          steps);
      System.out.println(
          "                                          ms a step                images/s");
      System.out.println("                                     median   10 %     90 %");
      for (StepProcess each : sides) {
        row(each, batch);
      }
      System.out.println();
      System.out.println("images/s, ours to PyTorch's            median   10 %     90 %");
      for (StepProcess ours : List.of(parts, whole)) {
        for (StepProcess other : List.of(plain, tuned)) {
          ratio(ours, other);
        }
      }
    }
  }

  private static void row(StepProcess side, int batch) {
    Spread spread = Spread.of(side.milliseconds());
    System.out.printf(
        Locale.ROOT,
        "%-33s %9.1f %8.1f %8.1f %12.0f%n",
        side.name(),
        spread.median(),
        spread.low(),
        spread.high(),
        1000 * batch / spread.median());
  }

  private static void ratio(StepProcess ours, StepProcess other) {
    double[] mine = ours.milliseconds();
    double[] ratios = other.milliseconds();
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] /= mine[i];
    }
    Spread spread = Spread.of(ratios);
    System.out.printf(
        Locale.ROOT,
        "%-53s %6.3f %8.3f %8.3f%n",
        ours.name() + " / " + other.name(),
        spread.median(),
        spread.low(),
        spread.high());
  }

  private static List<String> ours(String network, int batch, int side, int threads, String mode) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx768m", "-XX:+UseSerialGC", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(TrainSteps.class.getName());
    command.addAll(List.of(network, text(batch), text(side), text(threads), mode));
    return command;
  }

  /** What {@code ./shallows} sets and PyTorch does not have as it comes. */
  private static List<String> settings() throws IOException {
    String launcher = Files.readString(bench().resolveSibling("shallows"));
    return Pattern.compile("(?m)^export ([A-Z_]+)=")
        .matcher(launcher)
        .results()
        .map(export -> export.group(1))
        .toList();
  }

  private static String script() {
    return bench().resolve("python/train_steps.py").toString();
  }

  /** {@code bench/run} says where it lies. */
  private static Path bench() {
    return Path.of(System.getProperty("bench"));
  }

  private static String text(int number) {
    return String.valueOf(number);
  }
}
