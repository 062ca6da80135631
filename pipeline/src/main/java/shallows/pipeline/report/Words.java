package shallows.pipeline.report;

import java.util.Locale;

/** Numbers as people read them. */
public final class Words {
  /** Stands where a number would. */
  public static final String NOT_MEASURED = "\u2013";

  /**
   * Shares of a round number of images end in exact halves (1,769 of 2,000 is 88.45 %), which
   * binary numbers just miss; this lifts them over, and nothing else.
   */
  static final double HALF_UP = 1e-9;

  private Words() {}

  /**
   * @param fraction in [0, 1]
   * @return for example {@code "88.3 %"}
   */
  public static String percent(double fraction) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * fraction + HALF_UP);
  }

  /** For example {@code "1,200"}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** For example {@code "812 B"}, {@code "41.3 KB"}, {@code "1.9 MB"}; a KB is 1,000 bytes. */
  public static String bytes(long bytes) {
    return bytes < 1000 ? bytes + " B" : scaled(bytes) + "B";
  }

  /** For example {@code "812"}, {@code "41.3 K"}, {@code "1.9 M"}. */
  public static String macs(long macs) {
    return macs < 1000 ? String.valueOf(macs) : scaled(macs);
  }

  /** For example {@code "8 s"} or {@code "3 min 20 s"}. */
  public static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole < 120 ? whole + " s" : whole / 60 + " min " + whole % 60 + " s";
  }

  private static String scaled(double number) {
    String units = "KMGT";
    double rest = number / 1000;
    int unit = 0;
    while (rest >= 999.95 && unit < units.length() - 1) {
      rest /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %c", rest, units.charAt(unit));
  }

  /** A divergence, for example {@code 0.0031}; of what gave no numbers, that. */
  public static String nats(double divergence) {
    return divergence == Double.MAX_VALUE
        ? "no numbers"
        : String.format(Locale.ROOT, "%.2g", divergence);
  }
}
