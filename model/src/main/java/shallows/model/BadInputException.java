package shallows.model;

/**
 * Input that a person can mend: a file, a folder, an option. Its message is one line that says
 * where, what was expected, what was found and the way out. The command line prints that line and
 * ends with status 2; everything else that is thrown counts as a defect.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one line, for example {@code "digits/train: expected a folder for each class,
   *     found none; put the images of a class into a folder of its name"}
   */
  public BadInputException(String message) {
    super(oneLine(message));
  }

  /**
   * @param message one line, as above
   * @param cause kept for a debugger; it is never shown
   */
  public BadInputException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
