package shallows.train.options;

/** The checks of option records, which all complain in one form. */
public final class Require {
  private Require() {}

  /**
   * @param rule what must hold, for example {@code "epochs must be at least 1"}
   * @param found what was found instead
   * @throws IllegalArgumentException when it does not hold
   */
  public static void that(boolean holds, String rule, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", was " + found);
    }
  }
}
