package shallows.pipeline.report;

import java.util.Locale;
import java.util.function.DoubleFunction;

/** Numbers as the page writes them: short, with a unit, the same on every system. */
final class Figures {
  /** Keeps a number and its unit on one line. */
  private static final char SPACE = '\u00a0';

  private static final char MINUS = '\u2212';

  /** Stands where a number would. */
  static final String NOT_MEASURED = Words.NOT_MEASURED;

  /** Differences are shown to a tenth of a point, so a smaller one is none. */
  static final double SMALLEST_POINTS = 0.05;

  private Figures() {}

  /** {@code 1.87 MB}, in powers of 1000 and three digits. */
  static String bytes(long bytes) {
    return scaled(bytes, "B", "KB", "MB", "GB");
  }

  /** {@code 12.9 M}, in powers of 1000 and three digits. */
  static String count(long count) {
    return scaled(count, "", "K", "M", "G");
  }

  /** {@code 2,000}. */
  static String whole(long count) {
    return Words.count(count);
  }

  /** {@code 88.3 %} of a fraction. */
  static String percent(double fraction) {
    return fixed(100 * fraction + Words.HALF_UP, 1) + SPACE + "%";
  }

  /** {@code 1.9}: what lies between two fractions, in points. */
  static String points(double fraction) {
    return fixed(100 * fraction + Math.copySign(Words.HALF_UP, fraction), 1);
  }

  /** {@code 4.5} or {@code 19}: how many times. */
  static String times(double ratio) {
    return fixed(ratio, ratio < 9.95 ? 1 : 0);
  }

  /** A loss or an effect, {@code −0.0031}. */
  static String loss(double value) {
    return fixed(value, 4);
  }

  /** {@code 0.412 ms}, three digits. */
  static String milliseconds(double milliseconds) {
    return digits(milliseconds) + SPACE + "ms";
  }

  /** {@code 1.2e-6}: a difference between outputs. */
  static String difference(double value) {
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.1e", value).replace("e-0", "e-");
  }

  /** {@code 4 min 05 s}. */
  static String duration(double seconds) {
    if (seconds < 10) {
      return fixed(seconds, 1) + SPACE + "s";
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + "" + SPACE + "s";
    }
    if (whole < 3600) {
      return String.format(Locale.ROOT, "%d%smin %02d%ss", whole / 60, SPACE, whole % 60, SPACE);
    }
    return String.format(
        Locale.ROOT, "%d%sh %02d%smin", whole / 3600, SPACE, whole / 60 % 60, SPACE);
  }

  /** {@code value} as {@code form} writes it, or a dash for null. */
  static String measured(Double value, DoubleFunction<String> form) {
    return value == null ? NOT_MEASURED : form.apply(value);
  }

  static String fixed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    if (text.startsWith("-")) {
      boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
      return zero ? text.substring(1) : MINUS + text.substring(1);
    }
    return text;
  }

  private static String scaled(double value, String... units) {
    int unit = 0;
    // 999.5 would be written as 1000.
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    String number = unit == 0 ? fixed(value, 0) : digits(value);
    return units[unit].isEmpty() ? number : number + SPACE + units[unit];
  }

  private static String digits(double value) {
    return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  }
}
