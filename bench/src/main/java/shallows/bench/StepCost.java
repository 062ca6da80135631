package shallows.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import shallows.model.file.RegularFile;

/**
 * What one step of some work took of this process.
 *
 * @param name of the step
 * @param seconds on the clock
 * @param processorSeconds of all threads, the JVM's own included
 * @param peakMegabytes the most that was resident at any moment of it
 */
record StepCost(String name, double seconds, double processorSeconds, double peakMegabytes) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** Lets Linux count the peak of resident memory anew. */
  private static final String PEAK = "5";

  /** A step that hands its result on. */
  record Measured<T>(T result, StepCost cost) {}

  static <T> Measured<T> of(String name, Supplier<T> step) {
    try {
      Files.writeString(CLEAR, PEAK);
      double before = worked();
      long begin = System.nanoTime();
      T result = step.get();
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new Measured<>(result, new StepCost(name, seconds, worked() - before, mostResident()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One after the other. */
  StepCost and(StepCost next, String together) {
    return new StepCost(
        together,
        seconds + next.seconds,
        processorSeconds + next.processorSeconds,
        Math.max(peakMegabytes, next.peakMegabytes));
  }

  /** What this process has used so far. */
  static double worked() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
  }

  /** What is resident of this process now, in MB. */
  static double resident() {
    return megabytes("VmRSS");
  }

  /** The most that was, since the process or a step began, in MB. */
  static double mostResident() {
    return megabytes("VmHWM");
  }

  private static double megabytes(String of) {
    try {
      return RegularFile.lines(STATUS).stream()
              .filter(line -> line.startsWith(of + ":"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow(() -> new IOException(STATUS + " has no " + of))
          / 1024.0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
