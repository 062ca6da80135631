package shallows.model.json;

/**
 * Numbers straight from their digits: by way of a double the last bit of a float, or of a long, may
 * change.
 */
final class JsonNumber {
  private JsonNumber() {}

  /**
   * @param type of Java's numbers of 32 or 64 bits, boxed or not
   * @throws NumberFormatException when the type does not hold it
   */
  static Object of(Class<?> type, String digits) {
    if (type == int.class || type == Integer.class) {
      return Integer.parseInt(digits);
    }
    if (type == long.class || type == Long.class) {
      return Long.parseLong(digits);
    }
    if (type == float.class || type == Float.class) {
      float value = Float.parseFloat(digits);
      requireFinite(value);
      return value;
    }
    double value = Double.parseDouble(digits);
    requireFinite(value);
    return value;
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new NumberFormatException("too large");
    }
  }

  /** For example {@code a whole number}. */
  static String kind(Class<?> type) {
    boolean real =
        type == double.class || type == Double.class || type == float.class || type == Float.class;
    return real ? "a number" : "a whole number";
  }

  /** For example {@code a whole number that 32 bits hold}. */
  static String expected(Class<?> type) {
    boolean wide =
        type == long.class || type == Long.class || type == double.class || type == Double.class;
    return kind(type) + " that " + (wide ? 64 : 32) + " bits hold";
  }
}
