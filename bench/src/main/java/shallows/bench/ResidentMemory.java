package shallows.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Does a long training grow? Resident memory of the process (VmRSS of Linux) over the steps of a
 * real training, checkpoints and evaluation after each epoch included.
 */
public final class ResidentMemory {
  /** By then the compiler has done its work and the heap has found its size. */
  private static final double SETTLED = 0.2;

  private static final int READINGS = 20;

  private ResidentMemory() {}

  /**
   * @param arguments network, images a step, steps, threads (0 for all); each may be left out from
   *     the right
   */
  public static void main(String[] arguments) {
    String network = Arguments.text(arguments, 0, "resnet-20-s2");
    int batch = Arguments.number(arguments, 1, 64);
    int steps = Arguments.number(arguments, 2, 5000);
    int threads = Arguments.number(arguments, 3, 0);
    List<Double> megabytes = new ArrayList<>();
    int[] done = {0};
    System.out.println("  step  resident MB");
    EachStep listener =
        () -> {
          done[0]++;
          if (done[0] % Math.max(1, steps / READINGS) == 0) {
            megabytes.add(StepCost.resident());
            System.out.printf(
                Locale.ROOT, "%6d  %11.1f%n", done[0], megabytes.get(megabytes.size() - 1));
          }
        };
    RealLoop.train(network, batch, steps, threads, listener);
    List<Double> settled = megabytes.subList((int) (SETTLED * megabytes.size()), megabytes.size());
    double first = settled.get(0);
    double last = settled.get(settled.size() - 1);
    double most = Collections.max(settled);
    double least = Collections.min(settled);
    System.out.printf(
        Locale.ROOT,
        "%n%s, batch %d, %d steps: after the first fifth from %.1f to %.1f MB (%+.1f %%), spread"
            + " %.1f %%%n",
        network,
        batch,
        done[0],
        first,
        last,
        100 * (last - first) / first,
        100 * (most - least) / least);
  }
}
