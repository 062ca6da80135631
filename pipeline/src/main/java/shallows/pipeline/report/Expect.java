package shallows.pipeline.report;

import java.util.List;

/** What the records of the report demand of their components; each demand returns what passed. */
final class Expect {
  private Expect() {}

  /** A share of images or a probability, in [0, 1]. */
  static double fraction(String name, double value) {
    // Written so that NaN fails.
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be in [0, 1], was " + value);
    }
    return value;
  }

  static double notNegative(String name, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(name + " must be finite and at least 0, was " + value);
    }
    return value;
  }

  static double finite(String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(name + " must be finite, was " + value);
    }
    return value;
  }

  static long atLeast(long least, String name, long value) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + ", was " + value);
    }
    return value;
  }

  static String text(String name, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " must not be empty");
    }
    return value;
  }

  static <T> T present(String name, T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing or has a value that is not known");
    }
    return value;
  }

  /** An immutable copy without gaps; a missing list counts as empty. */
  static <T> List<T> list(String name, List<T> values) {
    if (values == null) {
      return List.of();
    }
    for (int i = 0; i < values.size(); i++) {
      present(name + "[" + i + "]", values.get(i));
    }
    return List.copyOf(values);
  }
}
