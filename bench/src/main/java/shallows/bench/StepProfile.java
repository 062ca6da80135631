package shallows.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Where the time of a real training goes. Every two milliseconds the stacks of the threads at work
 * are looked at, and the moment is counted for what the training waits for just then: the stack of
 * a thread inside LibTorch shows which of our methods called it. Where the torch threads are at
 * different work, each counts for its part. So shares are of wall time, and a share s of n samples
 * has a standard error of √(s·(1 − s) / n).
 */
public final class StepProfile {
  private static final long PERIOD_NS = 2_000_000;
  private static final String TRAINING = "training";
  private static final String TORCH = "torch";
  private static final String WAITS = "waking threads";
  private static final String ELSEWHERE = "elsewhere in the loop";

  /** Methods and what they do; the innermost of them in a stack counts. */
  private static final Map<String, String> PLACES = new LinkedHashMap<>();

  /** What training is, besides the network's own work. */
  private static final List<String> TRAINER =
      List.of(
          "optimizer", "sum of gradients", "gates and order", "statistics", "logging", "feeding");

  /** What computing a batch in parts, and a language with a native library below it, cost more. */
  private static final List<String> PARTS =
      List.of("running statistics of parts", "cutting and freeing of gradients", ELSEWHERE);

  /** What is no part of a step. */
  private static final List<String> BETWEEN_STEPS =
      List.of("evaluation after an epoch", "checkpoints", "start");

  static {
    PLACES.put("GraphRunner", "forward");
    PLACES.put("JniUtils.backward", "backward");
    PLACES.put("ImageBuffer", "feeding");
    PLACES.put("BatchPart.outcome", "statistics");
    PLACES.put("BatchPart.run", "loss and its gradient");
    PLACES.put("NesterovSgd", "optimizer");
    PLACES.put("RunningStatistics", "running statistics of parts");
    PLACES.put("TorchTraining.gradients", "sum of gradients");
    PLACES.put("Torch", "start");
    PLACES.put("TorchTraining.<init>", "start");
    PLACES.put("TrainingState.state", "checkpoints");
    PLACES.put("TrainingState", "optimizer");
    PLACES.put("Workers", WAITS);
    PLACES.put("TorchTraining", "cutting and freeing of gradients");
    PLACES.put("Batch.load", "feeding");
    PLACES.put("LoadedPart", "feeding");
    PLACES.put("StepOutcome", "statistics");
    PLACES.put("StepsInFlight", "loss and its gradient");
    PLACES.put("LastLosses", "statistics");
    PLACES.put("StepLog", "statistics");
    PLACES.put("Randomness", "gates and order");
    PLACES.put("SurvivalGates", "gates and order");
    PLACES.put("EpochTally", "logging");
    PLACES.put("TrainingEvents", "logging");
    PLACES.put("EachStep", "logging");
    PLACES.put("TrainingRun.answers", "evaluation after an epoch");
    PLACES.put("TrainingRun.start", "start");
    PLACES.put("Checkpoints", "checkpoints");
    PLACES.put("History", "checkpoints");
    PLACES.put("TrainingRun.epoch", ELSEWHERE);
    PLACES.put("RealLoop", "start");
  }

  private StepProfile() {}

  /**
   * @param arguments network, images a step, steps, threads (0 for all); each may be left out from
   *     the right
   */
  public static void main(String[] arguments) {
    String network = Arguments.text(arguments, 0, "resnet-32-s2");
    int batch = Arguments.number(arguments, 1, 64);
    int steps = Arguments.number(arguments, 2, 1000);
    int threads = Arguments.number(arguments, 3, 0);
    int[] done = {0};
    EachStep count = () -> done[0]++;
    Thread training =
        new Thread(() -> RealLoop.train(network, batch, steps, threads, count), TRAINING);
    training.start();
    Map<String, Double> samples = new TreeMap<>();
    while (training.isAlive()) {
      sample(training).forEach((place, share) -> samples.merge(place, share, Double::sum));
      LockSupport.parkNanos(PERIOD_NS);
    }
    print(network, batch, done[0], samples);
  }

  private static Map<String, Double> sample(Thread training) {
    Map<Thread, StackTraceElement[]> stacks = Thread.getAllStackTraces();
    String place = place(stacks.getOrDefault(training, new StackTraceElement[0]));
    if (!place.equals(WAITS)) {
      return Map.of(place, 1.0);
    }
    List<String> works = new ArrayList<>();
    stacks.forEach(
        (thread, stack) -> {
          if (thread.getName().equals(TORCH)
              && !place(stack).equals("idle")
              && !place(stack).equals(WAITS)) {
            works.add(place(stack));
          }
        });
    if (works.isEmpty()) {
      return Map.of(place, 1.0);
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    works.forEach(work -> shares.merge(work, 1.0 / works.size(), Double::sum));
    return shares;
  }

  private static String place(StackTraceElement[] stack) {
    for (StackTraceElement frame : stack) {
      String type = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
      String method = type + "." + frame.getMethodName();
      for (Map.Entry<String, String> entry : PLACES.entrySet()) {
        String key = entry.getKey();
        if (key.contains(".")
            ? method.equals(key)
            : type.equals(key) || type.startsWith(key + "$")) {
          return entry.getValue();
        }
      }
    }
    return "idle";
  }

  private static void print(String network, int batch, int steps, Map<String, Double> samples) {
    double outside =
        BETWEEN_STEPS.stream().mapToDouble(p -> samples.getOrDefault(p, 0.0)).sum()
            + samples.getOrDefault("idle", 0.0);
    double inside = samples.values().stream().mapToDouble(n -> n).sum() - outside;
    System.out.printf(
        Locale.ROOT,
        "%s, batch %d, %d steps, %.0f samples in steps%n%n",
        network,
        batch,
        steps,
        inside);
    System.out.println("                                    % of a step");
    for (Map.Entry<String, Double> entry : samples.entrySet()) {
      if (!BETWEEN_STEPS.contains(entry.getKey()) && !entry.getKey().equals("idle")) {
        System.out.printf(
            Locale.ROOT, "%-36s %9.2f%n", entry.getKey(), 100 * entry.getValue() / inside);
      }
    }
    System.out.println();
    together(
        "optimizer, gates, statistics, logging and feeding together", TRAINER, samples, inside);
    together("parts and the rest of the loop, except waking threads", PARTS, samples, inside);
    BETWEEN_STEPS.forEach(
        place ->
            System.out.printf(
                Locale.ROOT,
                "%s: %.1f %% of all time%n",
                place,
                100 * samples.getOrDefault(place, 0.0) / (inside + outside)));
  }

  private static void together(
      String words, List<String> places, Map<String, Double> samples, double inside) {
    double share = places.stream().mapToDouble(p -> samples.getOrDefault(p, 0.0)).sum() / inside;
    System.out.printf(
        Locale.ROOT,
        "%s: %.2f %% (standard error %.2f)%n",
        words,
        100 * share,
        100 * Math.sqrt(share * (1 - share) / inside));
  }
}
