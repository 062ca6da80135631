package shallows.prune.plan;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import shallows.model.BadInputException;
import shallows.model.Setting;

/**
 * An upper limit as a person writes it: a size, a count, a time, or a share of what the full
 * network has.
 *
 * @param amount above 0: bytes, MACs or milliseconds, whichever is limited; or percent of the full
 *     network, at most 100
 * @param relative whether the amount is in percent
 */
public record Limit(double amount, boolean relative) {
  private static final Pattern TEXT =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*(%|[KMG]?I?B|[KMG])?");

  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s*(ms|%)");

  public Limit {
    if (!(amount > 0) || relative && amount > 100) {
      throw new IllegalArgumentException(
          "a limit must be positive and at most 100 %, found " + amount);
    }
  }

  /**
   * Reads {@code 100KB}, {@code 1.5MB}, {@code 4M}, {@code 25000} or {@code 50%}. K, M and G are
   * powers of 1000, KiB, MiB and GiB of 1024.
   *
   * @param what is limited, for the message: a {@link Setting}, or a phrase with one
   * @throws BadInputException when it is none of these
   */
  public static Limit parse(Object what, String text) {
    Matcher matcher = TEXT.matcher(text.strip().toUpperCase(Locale.ROOT));
    if (matcher.matches()) {
      double number = Double.parseDouble(matcher.group(1));
      String unit = matcher.group(2) == null ? "" : matcher.group(2);
      boolean relative = unit.equals("%");
      if (number > 0 && !(relative && number > 100)) {
        return new Limit(relative ? number : number * factor(unit), relative);
      }
    }
    throw new BadInputException(
        what, "a positive amount such as 100KB, 1.5M or 50%", "'" + text + "'", null);
  }

  /**
   * Reads {@code 2ms}, {@code 0.5 ms} or {@code 50%}.
   *
   * @throws BadInputException when it is none of these
   */
  public static Limit parseMilliseconds(Object what, String text) {
    Matcher matcher = TIME.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      double number = Double.parseDouble(matcher.group(1));
      boolean relative = matcher.group(2).equals("%");
      if (number > 0 && !(relative && number > 100)) {
        return new Limit(number, relative);
      }
    }
    throw new BadInputException(
        what, "a time such as 2ms, or a share such as 50%", "'" + text + "'", null);
  }

  private static double factor(String unit) {
    double base = unit.contains("I") ? 1024 : 1000;
    return switch (unit.isEmpty() ? ' ' : unit.charAt(0)) {
      case 'K' -> base;
      case 'M' -> base * base;
      case 'G' -> base * base * base;
      default -> 1;
    };
  }

  /**
   * The limit in absolute terms, rounded down, at least 1.
   *
   * @param full what the full network has
   */
  public long of(long full) {
    return Math.max(1, (long) of((double) full));
  }

  /**
   * The limit in absolute terms, where it need not be a whole number.
   *
   * @param full what the full network has
   */
  public double of(double full) {
    return relative ? full * amount / 100 : amount;
  }
}
