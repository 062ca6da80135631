package shallows.model;

import java.util.List;

/** What records demand of their components; each demand returns what passed. */
public final class Expect {
  private Expect() {}

  /** A share of images or a probability, in [0, 1]. */
  public static double fraction(Object name, double value) {
    // Written so that NaN fails.
    require(value >= 0 && value <= 1, name, "a number in [0, 1]", value);
    return value;
  }

  /** Finite and 0 or more. */
  public static double notNegative(Object name, double value) {
    require(value >= 0 && Double.isFinite(value), name, "a finite number of at least 0", value);
    return value;
  }

  /** Finite and more than 0. */
  public static double positive(Object name, double value) {
    require(value > 0 && Double.isFinite(value), name, "a positive number", value);
    return value;
  }

  public static long atLeast(long least, Object name, long value) {
    require(value >= least, name, "at least " + least, value);
    return value;
  }

  /** Not null and not only spaces. */
  public static String text(Object name, String value) {
    require(value != null && !value.isBlank(), name, "a text that is not empty", value);
    return value;
  }

  public static <T> T present(Object name, T value) {
    require(value != null, name, "a value", "none");
    return value;
  }

  /** An immutable copy without gaps. */
  public static <T> List<T> list(Object name, List<T> values) {
    present(name, values);
    for (int i = 0; i < values.size(); i++) {
      present(name + "[" + i + "]", values.get(i));
    }
    return List.copyOf(values);
  }

  /**
   * @throws UnexpectedValueException unless the condition holds
   */
  public static void require(boolean holds, Object name, Object expected, Object found) {
    if (!holds) {
      throw new UnexpectedValueException(name, expected, found);
    }
  }
}
