package shallows.bench;

import java.util.Locale;
import java.util.stream.Stream;
import shallows.model.BadInputException;

/** Counts how often something damaged was taken, refused in one line, or met worse. */
final class Refusals {
  /** No person waits longer for a refusal. Of processors, as a busy machine slows the clock. */
  private static final double SLOW_S = 10;

  private static final double MUCH_MB = 1024;

  private final String what;
  private final double workS;
  private int tried;
  private int refused;
  private int failed;
  private double slowest;

  /**
   * @param what is damaged, for example {@code "damage"}
   * @param workS how long it may take where it is taken, in seconds of processors
   */
  Refusals(String what, double workS) {
    this.what = what;
    this.workS = workS;
  }

  /** What is done with it; whoever opens something closes it. */
  interface Attempt {
    void run() throws Exception;
  }

  /**
   * Tries one damage.
   *
   * @param number by which the same damage is done again
   * @return whether it was taken
   */
  boolean attempt(int number, Attempt attempt) {
    tried++;
    double start = StepCost.worked();
    String fault = null;
    boolean taken = false;
    try {
      attempt.run();
      taken = true;
    } catch (BadInputException e) {
      refused++;
      fault = e.getMessage().lines().count() == 1 ? null : "several lines";
    } catch (Exception | Error e) {
      String ours =
          Stream.of(e.getStackTrace())
              .filter(frame -> frame.getClassName().startsWith("shallows."))
              .findFirst()
              .map(frame -> " at " + frame)
              .orElse("");
      fault = e + ours;
    }
    double seconds = StepCost.worked() - start;
    slowest = Math.max(slowest, seconds);
    if (fault == null && seconds > (taken ? workS : SLOW_S)) {
      fault = "took " + seconds + " s";
    }
    if (fault != null) {
      failed++;
      System.out.println(what + " " + number + ": " + fault.lines().findFirst().orElse(""));
    }
    return taken;
  }

  /** Says what came of all, the most memory of this process too, which counts as well. */
  void tell(String name) {
    double memory = StepCost.mostResident();
    if (memory > MUCH_MB) {
      failed++;
      System.out.println(what + " " + tried + ": took " + memory + " MB by then");
    }
    System.out.printf(
        Locale.ROOT,
        "%s: tried %d, refused %d, failed %d, slowest %.1f s, most memory %.0f MB%n",
        name,
        tried,
        refused,
        failed,
        slowest,
        memory);
  }
}
