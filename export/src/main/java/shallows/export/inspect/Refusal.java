package shallows.export.inspect;

import shallows.model.BadInputException;

/** The words for a model file that is not run: whoever wrote it can mend that, not we. */
public final class Refusal {
  private Refusal() {}

  /**
   * @param where the file
   * @param expected what a file that we can run has
   * @param found instead
   */
  public static BadInputException of(String where, String expected, String found, Throwable cause) {
    return new BadInputException(where, expected, found, "export the network again", cause);
  }

  public static BadInputException of(String where, String expected, String found) {
    return of(where, expected, found, null);
  }
}
