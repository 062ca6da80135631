package shallows.model;

/** What lies at the bottom of an exception that others have wrapped. */
public final class RootCause {
  private RootCause() {}

  /** The innermost cause in words, for example {@code "IllegalStateException: no step"}. */
  public static String words(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage() == null ? "" : ": " + root.getMessage();
    return root.getClass().getSimpleName() + message;
  }
}
