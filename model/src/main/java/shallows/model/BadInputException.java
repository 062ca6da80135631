package shallows.model;

/**
 * Input that a person can mend: a file, a folder, a setting. It says as data where, what was
 * expected, what was found and the way out; its message is all that in one line. The command line
 * prints that line and ends with status 2; everything else that is thrown counts as a defect.
 */
public final class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Failure failure;

  /**
   * Each part is a {@link Phrase}, a {@link Setting}, anything that has a text, or null for
   * nothing, as {@link Failure} says. For example {@code new BadInputException("digits/train", "a
   * folder for each class", "none", "put the images of a class into a folder of its name")}.
   */
  public BadInputException(Object where, Object expected, Object found, Object remedy) {
    this(where, expected, found, remedy, null);
  }

  /**
   * @param cause kept for a debugger; it is never shown
   */
  public BadInputException(
      Object where, Object expected, Object found, Object remedy, Throwable cause) {
    this(Failure.of(where, expected, found, remedy), cause);
  }

  /** Something that went wrong with a file or folder beyond its content: reading, making it. */
  public static BadInputException of(Object where, Object wrong, Object remedy, Throwable cause) {
    return new BadInputException(where, null, wrong, remedy, cause);
  }

  /** What a record refused that was made of a person's words. */
  public static BadInputException of(IllegalArgumentException refusal) {
    return refusal instanceof UnexpectedValueException told
        ? new BadInputException(told.failure(), told)
        : new BadInputException(refusal.getMessage(), refusal);
  }

  /**
   * @param message one line, of the same pieces
   */
  public BadInputException(String message) {
    this(message, (Throwable) null);
  }

  /**
   * @param message one line, as above
   * @param cause kept for a debugger; it is never shown
   */
  public BadInputException(String message, Throwable cause) {
    this(Failure.of(null, null, message, null), cause);
  }

  public BadInputException(Failure failure, Throwable cause) {
    super(failure.words(Setting::key), cause);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
