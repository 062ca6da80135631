package shallows.pipeline.report;

/** Times as a person reads them. */
public final class Durations {
  private Durations() {}

  /**
   * @param seconds at least 0
   * @return for example {@code "8 s"} or {@code "3 min 20 s"}
   */
  public static String text(double seconds) {
    long whole = Math.round(seconds);
    return whole < 120 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }
}
