package shallows.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    List<Long> kilobytes = new ArrayList<>();
    int[] done = {0};
    System.out.println("  step  resident MB");
    EachStep listener =
        () -> {
          done[0]++;
          if (done[0] % (steps / READINGS) == 0) {
            kilobytes.add(resident());
            System.out.printf(
                Locale.ROOT,
                "%6d  %11.1f%n",
                done[0],
                kilobytes.get(kilobytes.size() - 1) / 1024.0);
          }
        };
    RealLoop.train(network, batch, steps, threads, listener);
    List<Long> settled = kilobytes.subList((int) (SETTLED * kilobytes.size()), kilobytes.size());
    long first = settled.get(0);
    long last = settled.get(settled.size() - 1);
    long most = settled.stream().mapToLong(kb -> kb).max().orElseThrow();
    long least = settled.stream().mapToLong(kb -> kb).min().orElseThrow();
    System.out.printf(
        Locale.ROOT,
        "%n%s, batch %d, %d steps: after the first fifth from %.1f to %.1f MB (%+.1f %%), spread"
            + " %.1f %%%n",
        network,
        batch,
        done[0],
        first / 1024.0,
        last / 1024.0,
        100.0 * (last - first) / first,
        100.0 * (most - least) / least);
  }

  private static long resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
