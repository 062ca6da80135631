package shallows.model;

/**
 * A value that a record refuses. It is an {@link IllegalArgumentException} that says in pieces what
 * was wrong, so that whoever read the value from a file or a command line can say where it stood.
 */
public final class UnexpectedValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private final Failure failure;

  /**
   * @param where the component, as a {@link Setting} or by its name
   * @param expected what it has to be
   * @param found what it was
   */
  public UnexpectedValueException(Object where, Object expected, Object found) {
    this(where, expected, found, null);
  }

  /**
   * @param where the component, as a {@link Setting} or by its name
   * @param expected what it has to be
   * @param found what it was
   * @param remedy the way out
   */
  public UnexpectedValueException(Object where, Object expected, Object found, Object remedy) {
    this(Failure.of(where, expected, found == null ? "null" : found, remedy));
  }

  private UnexpectedValueException(Failure failure) {
    super(failure.words(Setting::key));
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
